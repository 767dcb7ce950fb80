/** What an admin decides about accounts, and the links by which one sets a password anew. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    // The version lets a sign-in that was under way while the password was set anew find out. Constant defaults rewrite
    // no rows.
    await run(`
      ALTER TABLE users
        ADD COLUMN disabled_at timestamptz,
        ADD COLUMN role_set_at timestamptz,
        ADD COLUMN password_version integer NOT NULL DEFAULT 0`);
    await run("CREATE INDEX users_by_age ON users (created_at, id)");
    await run(`
      CREATE TABLE password_resets (
        user_id text COLLATE "C" PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        token_hash text COLLATE "C" NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  });
}

export async function down(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    await run("DROP TABLE password_resets");
    await run("DROP INDEX users_by_age");
    await run(`
      ALTER TABLE users DROP COLUMN disabled_at, DROP COLUMN role_set_at, DROP COLUMN password_version`);
  });
}
