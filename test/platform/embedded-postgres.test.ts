import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/embedded-postgres/index.ts";
import { eventually } from "../support/eventually.ts";

type Started = Pick<EmbeddedPostgres, "url" | "dataDir" | "attached">;
type App = Started & { process: ChildProcess };

describe("embedded PostgreSQL", () => {
  let wanted: string;
  let lines: string[];
  let running: EmbeddedPostgres[];
  let apps: ChildProcess[];

  beforeEach(async () => {
    wanted = await mkdtemp(join(tmpdir(), "embedded-postgres-"));
    lines = [];
    running = [];
    apps = [];
  });

  afterEach(async () => {
    for (const app of apps) app.kill("SIGKILL");
    for (const postgres of running) await postgres.stop();
    await until(() => findProcesses(wanted).length === 0);
    await rm(wanted, { recursive: true, force: true });
  });

  async function start(): Promise<EmbeddedPostgres> {
    const started = await startEmbeddedPostgres({ dataDir: wanted, log: (line) => lines.push(line) });
    running.push(started);
    return started;
  }

  /** Starts it in a process of its own, which can be killed. */
  async function startApp(): Promise<App> {
    const script = fileURLToPath(new URL("./embedded-postgres-app.ts", import.meta.url));
    const app = spawn(process.execPath, ["--import", "tsx", script, wanted], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    apps.push(app);
    const [line] = await once(createInterface({ input: app.stdout }), "line");
    return { ...(JSON.parse(line) as Started), process: app };
  }

  it("answers queries after the first start on an empty folder", async () => {
    const { url, attached } = await start();
    expect(attached).to.equal(false);
    expect(new URL(url).pathname).to.equal("/trading_playground");
    const settings = await query(
      url,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS socket,
              current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone`,
    );
    expect(settings).to.deep.equal([
      { listen: "127.0.0.1", socket: "", fsync: "on", commit: "on", encoding: "UTF8", zone: "UTC" },
    ]);
  });

  it("keeps the password to itself", async () => {
    const { url, dataDir } = await start();
    const { password } = new URL(url);
    const { mode } = await stat(join(dataDir, "postgres.password"));
    expect(mode & 0o777).to.equal(0o600);
    expect(password).to.have.length.above(20);
    expect(lines.join("\n")).not.to.include(password);
    const stranger = new URL(url);
    stranger.password = "guess";
    expect(await failure(query(stranger.href, "SELECT 1"))).to.include("password authentication failed");
  });

  it("finds the data of the start before, at the same address", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept AS SELECT 42 AS n");
    await first.stop();
    expect(await failure(query(first.url, "SELECT 1"))).to.include("ECONNREFUSED");
    const second = await start();
    expect(second.url).to.equal(first.url);
    expect(await query(second.url, "SELECT n FROM kept")).to.deep.equal([{ n: 42 }]);
  });

  it("attaches to a running server, which stays until the last one stops", async () => {
    const first = await start();
    const second = await start();
    expect(second.attached).to.equal(true);
    expect(second.url).to.equal(first.url);
    await first.stop();
    expect(await query(second.url, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    await second.stop();
    // Whichever keeper is left does the shutdown, maybe a moment after both have stopped.
    await eventually(async () => (await failure(query(first.url, "SELECT 1"))).includes("ECONNREFUSED"));
  });

  it("serves two starts at once on an empty folder", async () => {
    const [here, there, elsewhere] = await Promise.all([start(), startApp(), startApp()]);
    expect([there.url, elsewhere.url]).to.deep.equal([here.url, here.url]);
    expect([here, there, elsewhere].filter(({ attached }) => !attached)).to.have.length(1);
    await query(here.url, "CREATE TABLE shared AS SELECT 7 AS n");
    expect(await query(there.url, "SELECT n FROM shared")).to.deep.equal([{ n: 7 }]);
  });

  it("ends when the only app is killed", async () => {
    const app = await startApp();
    expect(findProcesses(wanted, "postgres -D")).to.have.length(1);
    app.process.kill("SIGKILL");
    await until(() => findProcesses(wanted).length === 0);
    expect(await failure(query(app.url, "SELECT 1"))).to.include("ECONNREFUSED");
  });

  it("stays for a second instance when the first is killed, and ends with the second", async () => {
    const first = await startApp();
    const second = await startApp();
    expect(second.attached).to.equal(true);
    const client = await connect(second.url);
    const ended = once(client, "end").then(() => "ended");
    first.process.kill("SIGKILL");
    await once(first.process, "exit");
    // Longer than a keeper waits for clients to come back before it ends the server.
    await client.query("SELECT pg_sleep(4)");
    expect(await Promise.race([ended, Promise.resolve("connected")])).to.equal("connected");
    await client.end();
    second.process.kill("SIGKILL");
    await until(() => findProcesses(wanted).length === 0);
  });

  it("comes back with the committed rows when PostgreSQL is killed", async () => {
    const { url, dataDir } = await start();
    await query(url, "CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) AS n");
    const killed = await readPostmasterPid(dataDir);
    process.kill(killed, "SIGKILL");
    await until(async () => ![killed, undefined].includes(await readPostmasterPid(dataDir)));
    await until(() => isReachable(url));
    expect(await query(url, "SELECT count(*)::int AS rows FROM kept")).to.deep.equal([{ rows: 1000 }]);
    expect(lines.join("\n")).to.include("started again");
  });

  it("comes back for an attached instance when the first instance, its keeper and PostgreSQL are killed", async () => {
    const app = await startApp();
    const { url } = await start();
    await query(url, "CREATE TABLE kept AS SELECT 1 AS n");
    app.process.kill("SIGKILL");
    for (const pid of findProcesses(wanted, "/keeper.")) process.kill(pid, "SIGKILL");
    process.kill(await readPostmasterPid(app.dataDir), "SIGKILL");
    await until(async () => findProcesses(wanted, "/keeper.").length === 1 && (await isReachable(url)));
    expect(await query(url, "SELECT n FROM kept")).to.deep.equal([{ n: 1 }]);
  });

  it("has its server adopted when the keeper is killed, and still ends with the app", async () => {
    const app = await startApp();
    const server = await readPostmasterPid(app.dataDir);
    const [killed = Number.NaN] = findProcesses(wanted, "/keeper.");
    process.kill(killed, "SIGKILL");
    await until(() => findProcesses(wanted, "/keeper.").some((pid) => pid !== killed));
    expect(await readPostmasterPid(app.dataDir)).to.equal(server);
    expect(await query(app.url, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    app.process.kill("SIGKILL");
    await until(() => findProcesses(wanted).length === 0);
  });

  it("stops the server when it is asked to just after the keeper was killed", async () => {
    const { url, stop } = await start();
    for (const pid of findProcesses(wanted, "/keeper.")) process.kill(pid, "SIGKILL");
    await stop();
    expect(await failure(query(url, "SELECT 1"))).to.include("ECONNREFUSED");
  });

  it("starts over a postmaster.pid that names another program", async () => {
    const first = await start();
    const file = join(first.dataDir, "postgres", "postmaster.pid");
    const [, ...rest] = (await readFile(file, "utf8")).split("\n");
    await first.stop();
    await writeFile(file, [process.pid, ...rest].join("\n"));
    const second = await start();
    expect(second.attached).to.equal(false);
    expect(await query(second.url, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
  });

  it("takes another port when somebody else has its own", async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await first.stop();
    const intruder = createServer().listen(port, "127.0.0.1");
    await once(intruder, "listening");
    try {
      const second = await start();
      expect(new URL(second.url).port).not.to.equal(String(port));
      expect(await query(second.url, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    } finally {
      intruder.close();
    }
  });

  it("says so when the data was made by another major version", async () => {
    await mkdir(join(wanted, "postgres"));
    await writeFile(join(wanted, "postgres", "PG_VERSION"), "12\n");
    const message = await failure(start());
    expect(message).to.match(/made by PostgreSQL 12|belongs to root/);
  });

  it("tells what initdb printed when it fails", async () => {
    await writeFile(join(wanted, "postgres.password"), "", { mode: 0o644 });
    const message = await failure(start());
    expect(message).to.include("could not be made").and.to.include("password file");
  });

  it("tells what PostgreSQL printed when it does not start", async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(first.dataDir, "postgres", "postgresql.auto.conf"), "no_such_setting = 1\n");
    expect(await failure(start()))
      .to.include("did not start")
      .and.to.include("no_such_setting");
  });
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = await connect(url);
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function isReachable(url: string): Promise<boolean> {
  return query(url, "SELECT 1").then(
    () => true,
    () => false,
  );
}

/** The message of an attempt that has to fail. */
async function failure(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "it worked",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function readPostmasterPid(dataDir: string): Promise<number> {
  return Number.parseInt(
    await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8").catch(() => ""),
    10,
  );
}

/** Ids of the keepers and servers that work on this folder. */
function findProcesses(dataDir: string, kind = ""): number[] {
  const listing = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  const found = listing.split("\n").filter((line) => line.includes(dataDir) && line.includes(kind));
  return found.map((line) => Number.parseInt(line, 10));
}

/** Looks until it is so; mocha's time limit ends the wait. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(30);
}
