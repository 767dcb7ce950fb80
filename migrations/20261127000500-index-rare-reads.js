/**
 * Indexes for reads that look for few rows among many: open trades, and the channels of the tape. Those of trades that are
 * there already are made anew, from old to new, which is how rows come: each insert into them costs less, and pays for a
 * part of the new ones. A model's also holds symbol and side, so that trades of others are passed over without being read.
 * Reads and writes of the two tables wait meanwhile: about 10 s at 1,000,000 trades.
 */
const OLD = {
  trades_by_time: `trades ("timestamp" DESC, id DESC)`,
  trades_by_model: `trades (model, "timestamp" DESC, id DESC)`,
  trades_by_symbol: `trades (symbol, "timestamp" DESC, id DESC)`,
};
// No two entries of these are alike, so looking for such only costs time.
const UNLIKE = "WITH (deduplicate_items = off)";
const TRADES = "kind IN ('trade', 'trade_close')";
const NEW = {
  trades_by_time: `trades ("timestamp", id) ${UNLIKE}`,
  // (symbol || '') is for src/trades/list-trades.ts.
  trades_by_model: `trades (model, "timestamp", id, (symbol || ''), side) ${UNLIKE}`,
  trades_by_symbol: `trades (symbol, "timestamp", id) ${UNLIKE}`,
  trades_open_by_time: `trades ("timestamp", id) WHERE status = 'open'`,
  trades_open_by_model: `trades (model, "timestamp", id) WHERE status = 'open'`,
  // "C" compares bytes, which is all that equality needs; (seq + 0) is for src/tape/read-channels.ts.
  tape_trades_by_model: `tape (model COLLATE "C", (seq + 0)) ${UNLIKE} WHERE ${TRADES}`,
  tape_trades_by_symbol: `tape (symbol COLLATE "C", (seq + 0)) ${UNLIKE} WHERE ${TRADES}`,
  tape_portfolios_by_model: `tape (model COLLATE "C", (seq + 0)) ${UNLIKE} WHERE kind = 'portfolio'`,
  tape_sentiments_by_symbol: `tape (symbol COLLATE "C", (seq + 0)) ${UNLIKE} WHERE kind = 'sentiment'`,
  tape_portfolios: "tape (seq) WHERE kind = 'portfolio'",
  tape_sentiments: "tape (seq) WHERE kind = 'sentiment'",
};

async function replaceIndexes(queryInterface, before, after) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    await sequelize.query(`DROP INDEX ${Object.keys(before).join(", ")}`, { transaction });
    for (const [name, on] of Object.entries(after)) {
      await sequelize.query(`CREATE INDEX ${name} ON ${on}`, { transaction });
    }
  });
}

export const up = (queryInterface) => replaceIndexes(queryInterface, OLD, NEW);
export const down = (queryInterface) => replaceIndexes(queryInterface, NEW, OLD);
