import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { limitAddress } from "../../src/platform/http/address.ts";
import { type Answer, aTrade, get, post, send } from "../support/http.ts";
import { type Environment, startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { makeKey, PASSWORD, PRODUCTION, signIn, signUp } from "./people.ts";

const GUESSES = 1000;
/** As many as a server's queue of new connections surely takes. */
const AT_ONCE = 50;

async function inBatches<Result>(count: number, atOnce: number, run: (index: number) => Promise<Result>) {
  const results: Result[] = [];
  for (let start = 0; start < count; start += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - start) }, (_, index) => run(start + index));
    results.push(...(await Promise.all(batch)));
  }
  return results;
}

describe("limits", () => {
  const apps: App[] = [];
  let databaseUrl: string;

  before(async () => {
    databaseUrl = await newDatabase();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
  });

  async function start(environment: Environment = {}): Promise<App> {
    const app = await startHere({
      ...PRODUCTION,
      TRUST_PROXY: "1",
      DATABASE_URL: databaseUrl,
      ...environment,
    });
    apps.push(app);
    return app;
  }
  const guess = (url: string, email: string, address: string) =>
    post(`${url}/api/auth/login`, { email, password: randomUUID() }, { "x-forwarded-for": address });
  const count = (answers: Answer[], status: number) =>
    answers.filter((answer) => answer.status === status).length;
  const refusedWell = (answers: Answer[]) => {
    for (const { status, headers, body } of answers) {
      if (status !== 429) continue;
      expect(body.code).to.equal("rate_limited");
      expect(Number(headers.get("retry-after"))).to.be.within(1, 900);
    }
  };

  it("look at ten of a thousand guesses at one account, wherever they come from, and not at the right one then", async () => {
    const { url } = await start();
    const { email } = await signUp(url, databaseUrl);
    const answers = await inBatches(GUESSES, AT_ONCE, (index) =>
      guess(url, email, `198.51.${index % 100}.7`),
    );
    expect([count(answers, 401), count(answers, 429)]).to.deep.equal([10, GUESSES - 10]);
    refusedWell(answers);
    expect((await post(`${url}/api/auth/login`, { email, password: PASSWORD })).status).to.equal(429);
    // Someone else at the same address is not in the way of it.
    const other = await signUp(url, databaseUrl);
    expect(await signIn(url, other.email)).to.not.equal("");
  });

  it("look at ten of a thousand guesses at as many accounts from one address", async () => {
    const { url } = await start();
    const answers = await inBatches(GUESSES, AT_ONCE, () =>
      guess(url, `${randomUUID()}@example.com`, "203.0.113.5"),
    );
    expect([count(answers, 401), count(answers, 429)]).to.deep.equal([10, GUESSES - 10]);
    refusedWell(answers);
    const { email } = await signUp(url, databaseUrl);
    expect((await guess(url, email, "203.0.113.6")).status).to.equal(401);
  });

  it("count a right login for nothing, and forget the wrong ones before it", async () => {
    const { url } = await start();
    const { email } = await signUp(url, databaseUrl);
    for (let round = 0; round < 3; round++) {
      for (let wrong = 0; wrong < 9; wrong++)
        expect((await guess(url, email, "203.0.113.7")).status).to.equal(401);
      await signIn(url, email);
    }
  });

  it("let others sign in while one address brings eighty right logins at once", async () => {
    const { url } = await start();
    const crowd = await Promise.all(Array.from({ length: 8 }, () => signUp(url, databaseUrl)));
    const neighbour = await signUp(url, databaseUrl);
    const login = (email: string, address: string) =>
      post(`${url}/api/auth/login`, { email, password: PASSWORD }, { "x-forwarded-for": address });
    const order: string[] = [];
    const flood = Array.from({ length: 80 }, async (_, index) => {
      const answer = await login(crowd[index % crowd.length]?.email ?? "", "203.0.113.60");
      if (answer.status === 200) order.push("crowd");
      return answer;
    });
    // Sent once the crowd's first is done, while as many as may of it wait.
    await Promise.any(
      flood.map(async (one) => ((await one).status === 200 ? true : Promise.reject(new Error()))),
    );
    expect((await login(neighbour.email, "203.0.113.61")).status).to.equal(200);
    const before = order.length;
    const answers = await Promise.all(flood);
    expect(count(answers, 200)).to.be.greaterThan(0);
    expect(count(answers, 200) + count(answers, 429)).to.equal(80);
    refusedWell(answers);
    // One who waits behind all that came before would be the last.
    expect(before).to.be.lessThan(count(answers, 200));
    // Whoever was told to come again has lost no guess by it.
    expect((await login(crowd[0]?.email ?? "", "203.0.113.62")).status).to.equal(200);
  });

  it("look at so many logins a minute of an account and of an address, right ones too", async () => {
    const { url } = await start({ RATE_LIMIT_LOGINS_PER_MINUTE: "5" });
    const [one, other] = [await signUp(url, databaseUrl), await signUp(url, databaseUrl)];
    const login = (email: string, address: string) =>
      post(`${url}/api/auth/login`, { email, password: PASSWORD }, { "x-forwarded-for": address });
    for (let times = 0; times < 5; times++)
      expect((await login(one.email, "203.0.113.63")).status).to.equal(200);
    for (const [email, address] of [
      [one.email, "203.0.113.64"],
      [other.email, "203.0.113.63"],
    ] as const) {
      const refused = await login(email, address);
      expect([refused.status, String(refused.body.error)]).to.satisfy(
        ([status, error]: [number, string]) =>
          status === 429 && error.includes("RATE_LIMIT_LOGINS_PER_MINUTE"),
      );
      refusedWell([refused]);
    }
    expect((await login(other.email, "203.0.113.65")).status).to.equal(200);
  });

  it("count guesses on all instances together through Redis, and alone while it is away", async function () {
    const redis: TestRedis = await startRedis(this);
    try {
      const one = await start({ REDIS_URL: redis.url });
      const two = await start({ REDIS_URL: redis.url });
      const { email } = await signUp(one.url, databaseUrl);
      const both = await Promise.all(
        Array.from({ length: 40 }, (_, index) => guess(index % 2 ? one.url : two.url, email, "203.0.113.8")),
      );
      expect(count(both, 401)).to.equal(10);
      const other = await signUp(one.url, databaseUrl);
      await redis.kill();
      const alone = await Promise.all(
        Array.from({ length: 40 }, () => guess(one.url, other.email, "203.0.113.9")),
      );
      expect([count(alone, 401), count(alone, 429)]).to.deep.equal([10, 30]);
      refusedWell(alone);
    } finally {
      await redis.stop();
    }
  });

  it("hold writes of each key apart, and say when to come again", async () => {
    const { url } = await start({ RATE_LIMIT_WRITES_PER_MINUTE: "20" });
    const person = await signUp(url, databaseUrl);
    const [key, other] = [await makeKey(url, person), await makeKey(url, person)];
    const model = `limited ${randomUUID()}`;
    const write = (headers: Record<string, string>) => post(`${url}/api/trades`, aTrade({ model }), headers);
    const answers = await Promise.all(Array.from({ length: 60 }, () => write(key.bearer)));
    expect([count(answers, 201), count(answers, 429)]).to.deep.equal([20, 40]);
    refusedWell(answers);
    expect((await write(other.bearer)).status).to.equal(201);
    expect((await write({ cookie: person.cookie })).status).to.equal(201);
    expect((await get(`${url}/api/trades?model=x`, key.bearer)).status).to.equal(200);
  });

  it("hold writes of an address where anyone may write, and only where that was asked for", async () => {
    const limited = await start({ AUTH: "open", RATE_LIMIT_WRITES_PER_MINUTE: "250" });
    const free = await start({ AUTH: "open" });
    const write = ({ url }: App, address: string) =>
      post(`${url}/api/trades`, aTrade(), { "x-forwarded-for": address });
    const many = (app: App) => inBatches(300, AT_ONCE, () => write(app, "203.0.113.10"));
    expect(count(await many(limited), 201)).to.equal(250);
    expect((await write(limited, "203.0.113.11")).status).to.equal(201);
    expect(count(await many(free), 201)).to.equal(300);
  });

  it("hold subscriptions, over both doors, and connections of one address", async () => {
    const { url } = await start({
      RATE_LIMIT_SUBSCRIPTIONS_PER_MINUTE: "3",
      MAX_STREAMS_PER_ADDRESS: "2",
    });
    const open = () =>
      io(url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        extraHeaders: { "x-forwarded-for": "203.0.113.12" },
      });
    const sockets = [open(), open()];
    try {
      for (const socket of sockets) await new Promise<void>((resolve) => socket.on("connect", resolve));
      const subscribe = () => sockets[0]?.emitWithAck("subscribe", { channels: ["trades"] });
      for (let times = 0; times < 3; times++) expect(await subscribe()).to.include({ ok: true });
      expect(await subscribe()).to.include({ ok: false, code: "rate_limited" });
      const third = open();
      sockets.push(third);
      const refusal = await new Promise<Error>((resolve) => third.on("connect_error", resolve));
      expect(refusal.message).to.equal("websocket error");
      const stream = (address: string) =>
        get(`${url}/api/stream?channels=nothing`, { "x-forwarded-for": address });
      const { status, headers } = await get(`${url}/api/stream?channels=trades`, {
        "x-forwarded-for": "203.0.113.12",
      });
      expect([status, headers.has("retry-after")]).to.deep.equal([429, true]);
      expect((await stream("203.0.113.13")).status).to.equal(400);
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  });

  it("slow down who sends wrong key after wrong key, and never a right key from the same address", async () => {
    const { url } = await start();
    const person = await signUp(url, databaseUrl);
    const [{ secret }, other] = [await makeKey(url, person), await makeKey(url, person)];
    const address = "203.0.113.14";
    const wrong = (index: number) => {
      const tail = `${randomUUID().replaceAll("-", "")}${"x".repeat(11)}`;
      const key = index % 4 === 0 ? `no key ${index}`.replaceAll(" ", "-") : `${secret.slice(0, 17)}${tail}`;
      return { authorization: `Bearer ${key}`, "x-forwarded-for": address };
    };
    expect(wrong(1).authorization.length).to.equal(`Bearer ${secret}`.length);
    const answers = await inBatches(200, AT_ONCE, (index) => get(`${url}/api/auth/me`, wrong(index)));
    expect([count(answers, 401), count(answers, 429)]).to.deep.equal([60, 140]);
    refusedWell(answers);
    for (const key of [secret, other.secret]) {
      const right = { authorization: `Bearer ${key}`, "x-forwarded-for": address };
      expect((await get(`${url}/api/auth/me`, right)).status).to.equal(200);
      expect((await post(`${url}/api/trades`, aTrade({ model: "right" }), right)).status).to.equal(201);
    }
    expect((await get(`${url}/api/auth/me`, wrong(1))).body.error).to.include(
      "RATE_LIMIT_WRONG_KEYS_PER_MINUTE",
    );
    expect(
      (await get(`${url}/api/auth/me`, { ...wrong(1), "x-forwarded-for": "203.0.113.15" })).status,
    ).to.equal(401);
  });

  it("count a stale key that comes again and again once in a while, and let its neighbours in", async () => {
    const { url } = await start({ RATE_LIMIT_WRONG_KEYS_PER_MINUTE: "20" });
    const person = await signUp(url, databaseUrl);
    const [stale, right] = [await makeKey(url, person), await makeKey(url, person)];
    await send("DELETE", `${url}/api/keys/${stale.id}`, undefined, { cookie: person.cookie });
    const answers = await inBatches(300, AT_ONCE, (index) =>
      get(`${url}/api/auth/me`, (index % 3 === 0 ? right : stale).bearer),
    );
    expect([count(answers, 200), count(answers, 401)]).to.deep.equal([100, 200]);
  });

  it("count an address as what it is: an IPv6 network as one, a mapped one as IPv4", () => {
    const same = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:0DB8:0001:0002::"].map(limitAddress);
    expect(new Set(same).size).to.equal(1);
    expect(limitAddress("2001:db8:1:3::1")).to.not.equal(same[0]);
    expect(limitAddress("::ffff:192.0.2.1")).to.equal("192.0.2.1");
    expect(limitAddress("fe80::1%eth0")).to.equal("fe80::");
    for (const none of [undefined, "", "unix:", "a".repeat(100)])
      expect(limitAddress(none)).to.equal("unknown");
  });
});
