/**
 * Indexes for reads that look for few rows among many: open trades, a model's trades of one symbol, and the channels of
 * the tape. None of them locks out reads; writes wait while they are made, about 6 s at 1,000,000 trades.
 * Most of them hold only few rows: what is open now, and the kinds that are rarer than trades.
 */
const INDEXES = {
  trades_open_by_time: `trades ("timestamp" DESC, id DESC) WHERE status = 'open'`,
  trades_open_by_model: `trades (model, "timestamp" DESC, id DESC) WHERE status = 'open'`,
  trades_by_model_and_symbol: `trades (model, symbol, "timestamp" DESC)`,
  tape_by_model: "tape (kind, model, seq) WHERE model IS NOT NULL",
  tape_by_symbol: "tape (kind, symbol, seq) WHERE symbol IS NOT NULL",
  tape_closes: "tape (seq) WHERE kind = 'trade_close'",
  tape_portfolios: "tape (seq) WHERE kind = 'portfolio'",
  tape_sentiments: "tape (seq) WHERE kind = 'sentiment'",
};

export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    for (const [name, on] of Object.entries(INDEXES)) {
      await sequelize.query(`CREATE INDEX ${name} ON ${on}`, { transaction });
    }
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query(`DROP INDEX ${Object.keys(INDEXES).join(", ")}`, { transaction });
  });
}
