/** The timeline of PostgreSQL on which the tape was last written: after a failover it is another one. */
export async function up(queryInterface) {
  await queryInterface.sequelize.query("ALTER TABLE tape_head ADD COLUMN timeline text");
}

export async function down(queryInterface) {
  await queryInterface.sequelize.query("ALTER TABLE tape_head DROP COLUMN timeline");
}
