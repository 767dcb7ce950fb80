/**
 * A model that had traded before its first report began with the arena's balance, not with the one it reported then. The
 * first report is the oldest point of the model's curve; a closed trade has the seq of its close, so its time counts, too.
 */
export async function up(queryInterface) {
  await queryInterface.sequelize.query(`
    UPDATE portfolios p SET starting_balance = 10000
    WHERE EXISTS (
      SELECT 1 FROM trades t, (SELECT min(seq) AS seq FROM portfolio_points o WHERE o.model = p.model) first
      WHERE t.model = p.model
        AND (t.seq < first.seq OR t.created_at < (SELECT at FROM tape WHERE tape.seq = first.seq))
    ) AND NOT EXISTS (
      SELECT 1 FROM idempotency_keys k WHERE k.kind = 'portfolio' AND k.scope = p.model AND k.key = 'import-opening'
    )`);
}

export async function down() {
  // What was reported first is on the curve still, and nothing asks for it back.
}
