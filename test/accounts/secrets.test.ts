import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { Redis } from "ioredis";
import { io } from "socket.io-client";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post, send } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { cookieOf, makeKey, PRODUCTION, signIn } from "./people.ts";

const plant = (what: string) => `planted-${what}-${randomBytes(12).toString("hex")}`;

describe("secrets", () => {
  /** Everything that must be found nowhere. */
  const planted: Record<string, string> = {
    "the session secret": plant("session-secret"),
    "the admin's password": plant("admin-password"),
    "a password": plant("password"),
    "a wrong password": plant("wrong-password"),
    "a wrong key": plant("wrong-key"),
    "Redis's password": plant("redis-password"),
  };
  let databaseUrl: string;
  let redis: TestRedis;
  let redisUrl: string;
  let instance: Instance;

  before(async function () {
    redis = await startRedis(this);
    const owner = new Redis(redis.url);
    await owner.config("SET", "requirepass", planted["Redis's password"] as string);
    owner.disconnect();
    redisUrl = redis.url.replace("://", `://:${planted["Redis's password"]}@`);
    databaseUrl = await newDatabase();
    const { password } = new URL(databaseUrl);
    // A server that asks nobody for a password has none to keep.
    if (password.length > 8) planted["PostgreSQL's password"] = decodeURIComponent(password);
    instance = await startInstance({
      ...PRODUCTION,
      SESSION_SECRET: planted["the session secret"] as string,
      ADMIN_PASSWORD: planted["the admin's password"] as string,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      RATE_LIMIT_WRITES_PER_MINUTE: "1000",
      LOG_LEVEL: "trace",
    });
    await useEverything();
  });
  after(async () => {
    await instance?.stop();
    await redis?.stop();
  });

  /** Hands every secret to the service in every way that it takes one, in good order and not. */
  async function useEverything(): Promise<void> {
    const { url } = instance;
    const email = "someone@example.com";
    const password = planted["a password"] as string;
    const wrong = planted["a wrong password"] as string;
    const registered = await post(`${url}/api/auth/register`, { email, password });
    const cookie = cookieOf(registered.headers);
    planted["a session's cookie"] = decodeURIComponent(cookie.split("=")[1] ?? "").slice(2);
    planted["a session's id"] = planted["a session's cookie"].split(".")[0] as string;
    const key = await makeKey(url, { cookie });
    planted["a key"] = key.secret;
    planted["a key's random part"] = key.secret.slice(-43);
    await signIn(url, email, password);
    await post(`${url}/api/auth/login`, { email, password: wrong });
    await post(`${url}/api/auth/login`, { email: `${wrong}@example.com`, password: wrong, extra: wrong });
    await post(`${url}/api/auth/login`, `{"password":"${wrong}"`);
    await post(`${url}/api/trades`, aTrade({ model: "m" }), key.bearer);
    await post(`${url}/api/trades`, aTrade({ model: "m" }), {
      authorization: `Bearer ${planted["a wrong key"]}`,
    });
    for (const token of [key.secret, planted["a wrong key"] as string]) {
      const socket = io(url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        auth: { token },
      });
      await new Promise<void>((resolve) => {
        socket.on("connect", resolve);
        socket.on("connect_error", () => resolve());
      });
      socket.disconnect();
    }
    // A column that is not there makes errors that carry what was asked of it.
    const columns = { users: "email", sessions: "data", api_keys: "name" };
    for (const [table, column] of Object.entries(columns)) {
      await query(databaseUrl, `ALTER TABLE ${table} RENAME ${column} TO ${column}_away`);
    }
    const failed = [
      await post(`${url}/api/auth/register`, { email: "another@example.com", password }),
      await post(`${url}/api/auth/login`, { email: "third@example.com", password }),
      await get(`${url}/api/auth/me`, { cookie: `tp_session=${plant("cookie")}; ${cookie}x` }),
      await post(`${url}/api/keys`, { name: "n" }, { cookie }),
      await send("DELETE", `${url}/api/keys/${key.secret}`, undefined, { cookie }),
    ];
    expect(failed.map(({ status }) => status)).to.include(500);
    for (const [table, column] of Object.entries(columns)) {
      await query(databaseUrl, `ALTER TABLE ${table} RENAME ${column}_away TO ${column}`);
    }
    await eventually(async () => instance.output().includes("a request failed"));
  }

  function expectNone(text: string, where: string): void {
    expect(text.length, where).to.be.greaterThan(100);
    for (const [what, secret] of Object.entries(planted)) {
      expect(text.includes(secret), `${what} in ${where}`).to.equal(false);
      expect(text.includes(encodeURIComponent(secret)), `${what}, encoded, in ${where}`).to.equal(false);
    }
  }

  it("stand in no line of the log, however talkative it is", () => {
    expectNone(instance.output(), "the log");
  });

  it("stand in no metric and no entry of the error log", async () => {
    expectNone(String((await get<string>(`${instance.url}/metrics`)).body), "the metrics");
    const cookie = await signIn(
      instance.url,
      PRODUCTION.ADMIN_EMAIL as string,
      planted["the admin's password"],
    );
    const { status, body } = await get(`${instance.url}/api/admin/errors`, { cookie });
    expect([status, (body.errors as unknown[]).length > 0]).to.deep.equal([200, true]);
    expectNone(JSON.stringify(body), "the error log");
  });

  it("stand in no table", async () => {
    const tables = await query<{ name: string }>(
      databaseUrl,
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()",
    );
    let dump = "";
    for (const { name } of tables) {
      const [row] = await query<{ text: string | null }>(
        databaseUrl,
        `SELECT json_agg(t)::text AS text FROM ${name} t`,
      );
      dump += `${name} ${row?.text}\n`;
    }
    expect(dump).to.include("someone@example.com").and.include("tpk_");
    expectNone(dump, "the tables");
  });

  it("stand in no key and no value of Redis", async () => {
    const client = new Redis(redisUrl, { replyMapping: "string" } as object);
    try {
      const keys = await client.keys("*");
      expect(keys.some((key) => key.startsWith("tp:limit:"))).to.equal(true);
      let dump = keys.join("\n");
      for (const key of keys) {
        const type = await client.type(key);
        if (type === "string") dump += await client.get(key);
        if (type === "list") dump += (await client.lrange(key, 0, -1)).join("\n");
        if (type === "hash") dump += JSON.stringify(await client.hgetall(key));
      }
      expectNone(dump, "Redis");
      expect(dump).to.not.include("someone@example.com");
    } finally {
      client.disconnect();
    }
  });

  it("leave the log a list of JSON lines, into which nobody can write one of their own", async () => {
    const forged = '{"level":60,"msg":"forged"}';
    const inside = encodeURIComponent(`x\r\n${forged}\r\n`);
    await query(databaseUrl, "ALTER TABLE users RENAME TO users_away");
    await post(`${instance.url}/api/auth/login?${inside}`, {
      email: "forger@example.com",
      password: `\n${forged}\n`,
    });
    await get(`${instance.url}/api/trades/${inside}`);
    await get(`${instance.url}/${inside}`, { "user-agent": forged });
    await query(databaseUrl, "ALTER TABLE users_away RENAME TO users");
    const lines = instance
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(lines.length).to.be.greaterThan(3);
    for (const line of lines) expect(JSON.parse(line)).to.have.property("time");
    expect(lines).to.not.include(forged);
  });
});
