/** Stored sentiment scores. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    await run(`
      CREATE TABLE sentiments (
        id text COLLATE "C" PRIMARY KEY,
        seq bigint NOT NULL,
        symbol text COLLATE "C" NOT NULL,
        text text NOT NULL,
        label text NOT NULL CHECK (label IN ('positive', 'neutral', 'negative')),
        score numeric NOT NULL,
        confidence numeric NOT NULL,
        source text NOT NULL,
        model text,
        "timestamp" timestamptz NOT NULL
      )`);
    await run(`CREATE INDEX sentiments_by_time ON sentiments ("timestamp" DESC, id DESC)`);
    await run(`CREATE INDEX sentiments_by_symbol ON sentiments (symbol, "timestamp" DESC, id DESC)`);
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE sentiments", { transaction });
  });
}
