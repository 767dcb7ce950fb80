/** Trades, with the indexes that newest-first keyset pages need. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    // NUMERIC without a scale keeps each value as it was sent; "C" ids compare as bytes, fast and everywhere alike.
    await run(`
      CREATE TABLE trades (
        id text COLLATE "C" PRIMARY KEY,
        seq bigint NOT NULL,
        model text COLLATE "C" NOT NULL,
        symbol text COLLATE "C" NOT NULL,
        side text NOT NULL CHECK (side IN ('buy', 'sell')),
        qty numeric NOT NULL CHECK (qty > 0),
        price numeric NOT NULL CHECK (price > 0),
        pnl numeric NOT NULL DEFAULT 0,
        status text NOT NULL DEFAULT 'closed' CHECK (status IN ('open', 'closed')),
        "timestamp" timestamptz NOT NULL,
        exit_price numeric CHECK (exit_price > 0),
        fee numeric NOT NULL DEFAULT 0,
        leverage numeric NOT NULL DEFAULT 1 CHECK (leverage > 0),
        opened_at timestamptz,
        closed_at timestamptz,
        note text,
        meta json,
        before_close json,
        created_at timestamptz NOT NULL
      )`);
    await run(`CREATE INDEX trades_by_time ON trades ("timestamp" DESC, id DESC)`);
    await run(`CREATE INDEX trades_by_model ON trades (model, "timestamp" DESC, id DESC)`);
    await run(`CREATE INDEX trades_by_symbol ON trades (symbol, "timestamp" DESC, id DESC)`);
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE trades", { transaction });
  });
}
