/** What each model last reported to hold, and one point of its equity curve a report. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    await run(`
      CREATE TABLE portfolios (
        model text COLLATE "C" PRIMARY KEY,
        seq bigint NOT NULL,
        starting_balance numeric NOT NULL,
        balance numeric NOT NULL CHECK (balance >= 0),
        positions json NOT NULL,
        last_update timestamptz NOT NULL
      ) WITH (fillfactor = 70)`);
    await run(`
      CREATE TABLE portfolio_points (
        model text COLLATE "C" NOT NULL,
        at timestamptz NOT NULL,
        seq bigint NOT NULL,
        balance numeric NOT NULL,
        equity numeric NOT NULL,
        PRIMARY KEY (model, at, seq)
      )`);
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE portfolio_points, portfolios", { transaction });
  });
}
