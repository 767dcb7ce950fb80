/** The tape: one dense sequence over everything that was accepted, and the row that hands out its numbers. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    // Few rows a page leave room for HOT updates of the one row that every write touches.
    await run(`
      CREATE TABLE tape_head (
        id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        seq bigint NOT NULL DEFAULT 0,
        trades_seq bigint NOT NULL DEFAULT 0,
        portfolios_seq bigint NOT NULL DEFAULT 0,
        sentiments_seq bigint NOT NULL DEFAULT 0,
        oldest bigint NOT NULL DEFAULT 1,
        epoch text NOT NULL DEFAULT substr(md5(gen_random_uuid()::text), 1, 12)
      ) WITH (fillfactor = 10)`);
    await run("INSERT INTO tape_head DEFAULT VALUES");
    await run(`
      CREATE TABLE tape (
        seq bigint PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('trade', 'trade_close', 'portfolio', 'sentiment')),
        model text,
        symbol text,
        at timestamptz NOT NULL,
        data json NOT NULL
      )`);
    await run(`
      CREATE TABLE idempotency_keys (
        kind text NOT NULL,
        scope text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        trade_id text,
        body json,
        PRIMARY KEY (kind, scope, key)
      )`);
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE idempotency_keys, tape, tape_head", { transaction });
  });
}
