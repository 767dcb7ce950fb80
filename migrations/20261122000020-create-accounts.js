/** Accounts: users, their sessions and keys, and which model belongs to whom. */
export async function up(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
    const run = (sql) => sequelize.query(sql, { transaction });
    // An account without a hash is there, but nobody can sign in to it.
    await run(`
      CREATE TABLE users (
        id text COLLATE "C" PRIMARY KEY,
        email text COLLATE "C" NOT NULL UNIQUE CHECK (email = lower(email)),
        name text,
        role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'observer', 'admin')),
        password_hash text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    // "sid" is a digest of the id in the cookie.
    await run(`
      CREATE TABLE sessions (
        sid text COLLATE "C" PRIMARY KEY,
        user_id text COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
        data text NOT NULL,
        expires timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await run("CREATE INDEX sessions_by_user ON sessions (user_id)");
    await run("CREATE INDEX sessions_by_expiry ON sessions (expires)");
    await run(`
      CREATE TABLE api_keys (
        id text COLLATE "C" PRIMARY KEY,
        user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        prefix text COLLATE "C" NOT NULL UNIQUE,
        secret_hash text COLLATE "C" NOT NULL,
        models text[],
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await run("CREATE INDEX api_keys_by_user ON api_keys (user_id)");
    await run(`
      CREATE TABLE model_owners (
        model text COLLATE "C" PRIMARY KEY,
        user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await run("CREATE INDEX model_owners_by_user ON model_owners (user_id)");
    // What the service made up because nobody set it, shared by all instances of this database.
    await run(`
      CREATE TABLE made_secrets (
        name text PRIMARY KEY,
        value text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  });
}

export async function down(queryInterface) {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.sequelize.query("DROP TABLE made_secrets, model_owners, api_keys, sessions, users", {
      transaction,
    });
  });
}
