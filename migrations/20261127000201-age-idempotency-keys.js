/** When an Idempotency-Key was used, so that it can be forgotten once no retry is to be expected any more. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    await run("ALTER TABLE idempotency_keys ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()");
    await run("CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)");
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.query("ALTER TABLE idempotency_keys DROP COLUMN created_at");
}
