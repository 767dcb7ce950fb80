// What plain sequelize-cli needs to work on the database that the service is configured for: the same settings, the
// same bookkeeping table, the same lock, and the embedded database where there is no DATABASE_URL.
import { build } from "./build.mjs";

const load = async (path) => await import(new URL(`../dist/${path}.js`, import.meta.url).href);

async function readConfig() {
  await build();
  const { withMigrationLock } = await load("platform/postgres/migrate");
  const { connectDatabase, readAddress } = await load("platform/postgres/connect");
  const url = await databaseUrl();
  const { schema } = readAddress(url);
  if (process.argv.some((word) => /^db:migrate(:undo|$)/.test(word))) await holdLock(withMigrationLock, url);
  const sequelize = connectDatabase({ url, poolSize: 3, timeLimits: false });
  const { host, port, database, username, password } = sequelize.config;
  const { dialectOptions } = sequelize.options;
  return {
    ...{ dialect: "postgres", host, port, database, username, password, dialectOptions, logging: false },
    ...(schema !== undefined && { migrationStorageTableSchema: schema }),
  };
}

/** The embedded server ends by itself a moment after sequelize-cli does, which calls process.exit. */
async function databaseUrl() {
  const { loadConfig } = await load("config");
  const config = loadConfig();
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const { startEmbeddedPostgres } = await load("platform/embedded-postgres/index");
  return (await startEmbeddedPostgres({ dataDir: config.dataDir, log: () => {} })).url;
}

/** Takes the lock of starting instances and keeps it: it is gone with its connection, when sequelize-cli exits. */
async function holdLock(withMigrationLock, url) {
  await new Promise((resolve, reject) => {
    withMigrationLock(url, async () => {
      resolve();
      await new Promise(() => {});
    }).catch(reject);
  });
}

// biome-ignore lint/style/noDefaultExport: sequelize-cli awaits the default export.
export default readConfig();
