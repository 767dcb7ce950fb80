import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";
import { subscribeTo } from "../support/subscriber.ts";

describe("a planned stop", () => {
  it("says goodbye, finishes what was begun, and exits with 0", async () => {
    const database = await newDatabase();
    const instance = await startInstance({ DATABASE_URL: database });
    const subscriber = subscribeTo(instance.url, ["trades"], { since: 0 });
    await eventually(async () => subscriber.heads.length > 0);
    const goodbye = new Promise<{ retry_ms: number }>((resolve) =>
      subscriber.socket.once("shutdown", resolve),
    );
    const writes = Array.from({ length: 50 }, (_, index) =>
      post(`${instance.url}/api/trades`, aTrade({ id: `last-${index}` })).then(
        ({ status }) => (status === 201 ? `last-${index}` : undefined),
        () => undefined,
      ),
    );
    await Promise.race(writes);
    const code = await instance.stop();
    expect((await goodbye).retry_ms).to.be.greaterThan(0);
    expect(code).to.equal(0);
    const acknowledged = (await Promise.all(writes)).filter((id) => id !== undefined);
    const rows = await query<{ id: string }>(database, "SELECT id FROM trades");
    expect(rows.map(({ id }) => id)).to.include.members(acknowledged);
    subscriber.close();
  });
});

describe("a start", () => {
  const failure = (environment: Record<string, string>) =>
    startInstance(environment).then(
      () => "it started",
      (error: Error) => error.message,
    );

  it("says in a sentence that the port is taken", async () => {
    const port = await freePort();
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    const message = await failure({ DATABASE_URL: await newDatabase(), PORT: String(port) });
    squatter.close();
    expect(message).to.include(`Port ${port} on 127.0.0.1 is taken`);
  });

  it("names the setting that cannot be used", async () => {
    expect(await failure({ PORT: "abc" })).to.include("The setting PORT cannot be used");
    expect(await failure({ REDIS_URL: "http://x" })).to.include("REDIS_URL");
    expect(await failure({ HOST: "0.0.0.0" })).to.include("AUTH_OPEN_ANYWHERE");
  });

  it("lets nobody write where accounts are required, and everyone read", async () => {
    const instance = await startInstance({ DATABASE_URL: await newDatabase(), AUTH: "required" });
    const refused = await post<{ code: string }>(`${instance.url}/api/trades`, aTrade());
    expect([refused.status, refused.body.code]).to.deep.equal([401, "unauthenticated"]);
    expect((await get(`${instance.url}/api/trades`)).status).to.equal(200);
    await instance.stop();
  });

  it("says that the database is out of reach without telling the password", async () => {
    const url = `postgres://someone:hunter2@127.0.0.1:${await freePort()}/nothing`;
    const message = await failure({ DATABASE_URL: url });
    expect(message).to.match(/cannot start/);
    expect(message).to.not.include("hunter2");
  });

  it("keeps everything over kill -9 and a restart on the embedded database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trading-playground-kill-"));
    // mkdtemp closes it to all others, and root's PostgreSQL runs as another user.
    await chmod(folder, 0o755);
    const environment = { DATA_DIR: join(folder, "data") };
    const first = await startInstance(environment);
    const second = await startInstance(environment);
    await post(`${first.url}/api/trades`, aTrade({ id: "kept" }));
    await first.kill();
    expect((await get(`${second.url}/api/trades/kept`)).status).to.equal(200);
    await second.kill();
    const third = await startInstance(environment);
    expect((await get(`${third.url}/api/trades/kept`)).status).to.equal(200);
    expect(third.output()).to.include(folder);
    expect(await third.stop()).to.equal(0);
    await rm(folder, { recursive: true, force: true });
  });
});
