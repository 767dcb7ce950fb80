/** Leases: which instance alone does a piece of work, and until when. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    // Renewed every second: few rows a page, so that the updates stay in it.
    await sequelize.query(
      `CREATE TABLE leases (
        name text PRIMARY KEY,
        holder text NOT NULL,
        expires_at timestamptz NOT NULL
      ) WITH (fillfactor = 10)`,
      { transaction },
    );
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE leases", { transaction });
  });
}
