/** The scoreboard's last saved state; one row, so that a start need not read all trades. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    await sequelize.query(
      `CREATE TABLE scoreboard_checkpoints (
        id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        epoch text NOT NULL,
        as_of_seq bigint NOT NULL,
        saved_at timestamptz NOT NULL,
        state json NOT NULL
      )`,
      { transaction },
    );
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE scoreboard_checkpoints", { transaction });
  });
}
