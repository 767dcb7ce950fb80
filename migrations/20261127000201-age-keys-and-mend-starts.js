/**
 * When an Idempotency-Key was used, so that it can be forgotten once no retry is to be expected any more; and what models
 * started with, as the tape's order has it.
 */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    await run("ALTER TABLE idempotency_keys ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()");
    await run("CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)");
    // A model that had traded before its first report began with the arena's balance, not with the one it reported then.
    // That report is the oldest point of its curve; a closed trade has the seq of its close, so its time counts, too.
    await run(`
      UPDATE portfolios p SET starting_balance = 10000
      WHERE EXISTS (
        SELECT 1 FROM trades t, (SELECT min(seq) AS seq FROM portfolio_points o WHERE o.model = p.model) first
      WHERE t.model = p.model
        AND (t.seq < first.seq OR t.created_at < (SELECT at FROM tape WHERE tape.seq = first.seq))
    ) AND NOT EXISTS (
        SELECT 1 FROM idempotency_keys k WHERE k.kind = 'portfolio' AND k.scope = p.model AND k.key = 'import-opening'
    )`);
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.query("ALTER TABLE idempotency_keys DROP COLUMN created_at");
}
