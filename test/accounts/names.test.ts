import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { createOwnModels } from "../../src/accounts/own-models.ts";
import type { App } from "../../src/app.ts";
import { AppError } from "../../src/platform/errors.ts";
import { type Database, openDatabase, type Statement } from "../../src/platform/postgres/database.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ADMIN, makeKey, type Person, PRODUCTION, signIn, signUp } from "./people.ts";

interface Refusal {
  code?: string;
  error?: string;
}

describe("the names of models", () => {
  let app: App;
  let databaseUrl: string;
  let one: Record<string, string>;
  let other: Record<string, string>;
  let people: Person[];
  const write = (model: string, headers: Record<string, string>, fields: object = {}) =>
    post<Refusal>(`${app.url}/api/trades`, aTrade({ model, ...fields }), headers);
  const owners = (models: string[]) =>
    query(databaseUrl, "SELECT model FROM model_owners WHERE model = ANY($1)", [models]);
  const isRefused = async (model: string, headers: Record<string, string>) => {
    const { status, body } = await write(model, headers);
    expect([status, body.code], model).to.deep.equal([409, "name_too_similar"]);
  };

  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, DATABASE_URL: databaseUrl, MAX_MODELS_PER_ACCOUNT: "20" });
  });
  after(() => app.stop());
  beforeEach(async () => {
    people = await Promise.all([signUp(app.url, databaseUrl), signUp(app.url, databaseUrl)]);
    const [a, b] = (await Promise.all(people.map((person) => makeKey(app.url, person)))).map((k) => k.bearer);
    one = a as typeof one;
    other = b as typeof other;
  });

  it("are refused with what is wrong with them", async () => {
    const faults: [string, RegExp][] = [
      [" gpt-5", /blank before or after/],
      ["gpt-5 ", /blank before or after/],
      ["gpt  5", /two together/],
      ["gpt\u00a05", /other blank than the space, as U\+00A0/],
      ["cafe\u0301", /NFC/],
      ["gpt\u200b-5", /invisible character, as U\+200B/],
      ["gpt\u202e-5", /invisible character, as U\+202E/],
      ["\u3164", /invisible character/],
      ["gpt\u2800", /invisible character/],
    ];
    for (const [name, sentence] of faults) {
      const { status, body } = await write(name, one);
      expect(status, JSON.stringify(name)).to.equal(400);
      expect(body.error).to.match(sentence);
    }
    for (const name of ["Claude Sonnet 4.5", "meta/llama", "caf\u00e9 \u6a21\u578b"]) {
      expect((await write(`${name} ${randomUUID()}`, one)).status).to.equal(201);
    }
  });

  it("may not look like another account's model", async () => {
    const tail = randomUUID().replace(/[^2-9]/g, "");
    expect((await write(`Grok-IO ${tail}`, one)).status).to.equal(201);
    for (const name of [
      "grok-io",
      "Grok-l0",
      "Gr\u043ek-IO",
      "\uff27\uff52\uff4f\uff4b-IO",
      "Grok\u2010IO",
    ]) {
      await isRefused(`${name} ${tail}`, other);
      expect((await write(`${name} ${tail}`, one)).status).to.equal(201);
    }
    expect((await write(`Grok-XY ${tail}`, other)).status).to.equal(201);
  });

  it("that look alike go to one account when many claim them at once", async () => {
    const tail = randomUUID().replace(/[^2-9]/g, "");
    const statuses = await Promise.all([
      ...["race", "RACE", "rac\u0435"].map(async (name) => (await write(`${name} ${tail}`, one)).status),
      ...["r\u0430ce", "Race", "raCe"].map(async (name) => (await write(`${name} ${tail}`, other)).status),
    ]);
    const [mine, theirs] = [statuses.slice(0, 3), statuses.slice(3)].map((all) => new Set(all));
    expect([[...(mine ?? [])], [...(theirs ?? [])]].sort()).to.deep.equal([[201], [409]]);
  });

  it("that another account takes in the very moment are said to be that account's", async () => {
    const model = `raced ${randomUUID()}`;
    const database = openDatabase({ url: databaseUrl, poolSize: 2, models: [] });
    // The rival's write is committed after the owners were looked up, and before what looks alike.
    const raced: Database = {
      ...database,
      async run<Row>(statement: Statement, values: unknown[]) {
        const rows = await database.run<Row>(statement, values);
        if (statement.name === "model-owners") expect((await write(model, other)).status).to.equal(201);
        return rows;
      },
    };
    const { id, email } = people[0] as Person;
    const user = { id, email, name: null, role: "user" as const };
    try {
      const writer = createOwnModels(raced, 20).writer({ who: "user's key", user }, [model]);
      const refusal = await writer?.claimsFor([model]).catch((error: AppError) => error);
      expect(refusal).to.be.instanceOf(AppError).and.include({ status: 403, code: "forbidden" });
    } finally {
      await database.close();
    }
  });

  it("are not taken by a request that writes nothing", async () => {
    const id = randomUUID();
    await write(`first ${id}`, one, { id });
    const models = Array.from({ length: 5 }, (_, n) => `untaken ${n} ${id}`);
    const trades = [...models.map((model) => aTrade({ model })), aTrade({ id, model: models[0] })];
    expect((await post(`${app.url}/api/trades/bulk`, { trades }, other)).status).to.equal(409);
    const text = { text: "up", model: models[0] };
    expect((await post(`${app.url}/api/sentiment`, text, other)).status).to.equal(200);
    expect(await owners(models)).to.deep.equal([]);
    expect((await write(models[0] as string, one)).status).to.equal(201);
    expect((await post(`${app.url}/api/sentiment`, text, other)).status).to.equal(403);
  });

  it("are claimed by every kind of write", async () => {
    const [a, b, c] = [0, 1, 2].map((n) => `kind ${n} ${randomUUID()}`) as [string, string, string];
    expect((await post(`${app.url}/api/portfolio`, { model: a, balance: 1 }, one)).status).to.equal(200);
    const text = { text: "up", symbol: "BTC", model: b };
    expect((await post(`${app.url}/api/sentiment`, text, one)).status).to.equal(200);
    const bulk = { trades: [aTrade({ model: c }), aTrade({ model: c })] };
    expect((await post(`${app.url}/api/trades/bulk`, bulk, one)).status).to.equal(201);
    expect(await owners([a, b, c])).to.have.length(3);
    expect((await post(`${app.url}/api/portfolio`, { model: a, balance: 1 }, other)).status).to.equal(403);
  });

  it("are bounded for an account, however they come", async () => {
    const names = (count: number) => Array.from({ length: count }, () => `many ${randomUUID()}`);
    const bulk = { trades: names(21).map((model) => aTrade({ model })) };
    const refused = await post<Refusal>(`${app.url}/api/trades/bulk`, bulk, one);
    expect(refused.status).to.equal(409);
    expect(refused.body.error).to.include("MAX_MODELS_PER_ACCOUNT");
    const statuses = await Promise.all(names(30).map(async (name) => (await write(name, one)).status));
    expect(statuses.filter((status) => status === 201)).to.have.length(20);
    expect(statuses.filter((status) => status === 409)).to.have.length(10);
  });

  it("are listed, released and passed on by their owner and by an admin", async () => {
    const [name, second] = [`given ${randomUUID()}`, `kept ${randomUUID()}`];
    await write(name, one);
    await write(second, one);
    const [owner, heir] = people.map(({ cookie }) => ({ cookie })) as [
      { cookie: string },
      { cookie: string },
    ];
    const owned = async (who: { cookie: string }) =>
      (await get<{ models: string[]; count: number }>(`${app.url}/api/models/owned`, who)).body;
    const act = (model: string, deed: string, who: Record<string, string>, body: object = {}) =>
      post<Refusal>(`${app.url}/api/models/${encodeURIComponent(model)}/${deed}`, body, who);
    const to = { email: people[1]?.email };
    expect(await owned(owner)).to.deep.equal({ models: [name, second].sort(), count: 2 });
    expect((await act(name, "release", heir)).status).to.equal(403);
    expect((await act(name, "transfer", heir, to)).status).to.equal(403);
    expect((await act(name, "transfer", owner, { email: "nobody@example.com" })).status).to.equal(404);
    expect((await act(name, "transfer", owner, to)).status).to.equal(200);
    expect((await owned(heir)).models).to.deep.equal([name]);
    expect((await write(name, one)).status).to.equal(403);
    expect((await write(name, other)).status).to.equal(201);
    await isRefused(name.toUpperCase(), one);
    const admin = { cookie: await signIn(app.url, ADMIN.email, ADMIN.password) };
    expect((await act(name, "release", admin)).status).to.equal(200);
    expect((await act(name, "release", admin)).status).to.equal(404);
    expect((await write(name.toUpperCase(), one)).status).to.equal(201);
  });

  it("keep what they look like while another of the account looks the same", async () => {
    const name = `twin ${randomUUID()}`;
    await write(name, one);
    await write(name.toUpperCase(), one);
    const [owner] = people.map(({ cookie }) => ({ cookie }));
    const path = `${app.url}/api/models/${encodeURIComponent(name)}`;
    const moved = await post<Refusal>(`${path}/transfer`, { email: people[1]?.email }, owner);
    expect([moved.status, moved.body.code]).to.deep.equal([409, "name_too_similar"]);
    expect((await post(`${path}/release`, {}, owner)).status).to.equal(200);
    await isRefused(name, other);
  });
});

describe("what comes with a write", () => {
  let app: App;
  let databaseUrl: string;
  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, DATABASE_URL: databaseUrl });
  });
  after(() => app.stop());

  it("is not said of the future, nor in characters that are not seen", async () => {
    const { bearer } = await makeKey(app.url, await signUp(app.url, databaseUrl));
    const model = `m ${randomUUID()}`;
    const far = "9999-01-01T00:00:00Z";
    const bad = [
      { timestamp: far },
      { opened_at: far },
      { closed_at: far },
      { note: "a\u202eb" },
      { note: "\u001b[2J" },
    ];
    for (const fields of bad) {
      const { status } = await post(`${app.url}/api/trades`, aTrade({ model, ...fields }), bearer);
      expect(status, JSON.stringify(fields)).to.equal(400);
    }
    const late = await post(`${app.url}/api/portfolio`, { model, last_update: far }, bearer);
    expect(late.status).to.equal(400);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const good = aTrade({ model, timestamp: soon, note: "two\n\tlines" });
    expect((await post(`${app.url}/api/trades`, good, bearer)).status).to.equal(201);
  });

  it("has an Idempotency-Key that is its caller's", async () => {
    const keys = await Promise.all(
      [1, 2].map(async () => (await makeKey(app.url, await signUp(app.url, databaseUrl))).bearer),
    );
    const key = { "idempotency-key": randomUUID() };
    for (const [n, bearer] of keys.entries()) {
      const body = { text: `text ${n}`, symbol: "BTC" };
      const first = await post<{ seq: number }>(`${app.url}/api/sentiment`, body, { ...bearer, ...key });
      const again = await post<{ seq: number }>(`${app.url}/api/sentiment`, body, { ...bearer, ...key });
      expect([first.status, again.status]).to.deep.equal([200, 200]);
      expect(again.body.seq).to.equal(first.body.seq);
    }
  });

  it("of a key that names models is about one of them", async () => {
    const admin = await signUp(app.url, databaseUrl, "admin");
    const { bearer } = await makeKey(app.url, admin, { models: ["mine"] });
    const prices = { prices: [{ symbol: "XYZ", price: 1 }] };
    expect((await post(`${app.url}/api/market/prices`, prices, bearer)).status).to.equal(403);
    expect((await post(`${app.url}/api/sentiment`, { text: "up", symbol: "BTC" }, bearer)).status).to.equal(
      403,
    );
    const any = await makeKey(app.url, admin);
    expect((await post(`${app.url}/api/market/prices`, prices, any.bearer)).status).to.equal(202);
  });

  it("has no more models than there may be where anyone may write", async () => {
    const open = await startHere({ DATABASE_URL: await newDatabase(), MAX_MODELS: "2", AUTH: "open" });
    try {
      const write = (model: string) => post<Refusal>(`${open.url}/api/trades`, aTrade({ model }));
      for (const model of ["a", "b", "a"]) {
        expect((await write(model)).status).to.equal(201);
        await get(`${open.url}/api/leaderboard`);
      }
      const { status, body } = await write("c");
      expect(status).to.equal(409);
      expect(body.error).to.include("MAX_MODELS");
    } finally {
      await open.stop();
    }
  });
});
