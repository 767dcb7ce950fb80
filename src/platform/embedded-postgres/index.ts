import { findBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { connectionUrl } from "./connection.ts";
import { prepareDataHome } from "./data-home.ts";
import { startKeeper } from "./keeper-link.ts";
import { holdLease } from "./lease.ts";
import { describeError } from "./run-program.ts";

/**
 * A PostgreSQL of our own. `url` holds the password, so keep it out of logs; `dataDir` is where the data
 * really is; `attached` says that another instance had the server running already.
 */
export type EmbeddedPostgres = {
  url: string;
  dataDir: string;
  attached: boolean;
  /** Ends the server, or returns soon when others still use it. Close the app's own pools before. */
  stop(): Promise<void>;
};

const STILL_STARTING_MS = 10_000;

/**
 * Starts PostgreSQL on the data in `dataDir`, or attaches to the one that runs there. It makes the data folder
 * on the first start, listens on 127.0.0.1 only, comes back on the same port when it crashes, and ends when
 * the last app that uses it has ended, however that happens. It never keeps the process from ending.
 *
 * The data is in `<dataDir>/postgres`, its password in `postgres.password` and the server's messages in
 * `postgres.log` beside it.
 *
 * @param options.log gets one sentence a line, none of them secret.
 * @throws Error with a sentence that says what to do: no package for this platform, a folder that cannot be
 * used, data of another major version, or the last lines of what PostgreSQL printed.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const { log } = options;
  const home = await prepareDataHome(options.dataDir);
  const binaries = await findBinaries(home);
  const password = await ensureCluster(home, binaries);
  const keeper = startKeeper({ home, postgres: binaries.postgres }, log);
  const reminder = setInterval(
    () => log(`PostgreSQL is still starting; see ${home.logFile}`),
    STILL_STARTING_MS,
  );
  try {
    const server = await keeper.ready;
    const address = { port: server.port, password };
    const lease = await holdLease(address);
    log(
      `PostgreSQL ${binaries.version} ${server.adopted ? "was running" : "runs"} on 127.0.0.1:${server.port}, data in ${home.dataDir}`,
    );
    return {
      url: connectionUrl(address),
      dataDir: home.dataDir,
      attached: server.adopted,
      async stop() {
        await lease.release();
        await keeper.stop();
      },
    };
  } catch (error) {
    await keeper.stop().catch((stopError: unknown) => log(describeError(stopError)));
    throw error;
  } finally {
    clearInterval(reminder);
  }
}
