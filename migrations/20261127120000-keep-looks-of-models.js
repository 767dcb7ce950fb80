/** What owned models look like, so that no other account claims a name that may be taken for one of them. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    await run(`
      CREATE TABLE model_looks (
        look text COLLATE "C" PRIMARY KEY,
        model text COLLATE "C" NOT NULL REFERENCES model_owners (model) ON DELETE CASCADE
      )`);
    await run("CREATE INDEX model_looks_by_model ON model_looks (model)");
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.query("DROP TABLE model_looks");
}
