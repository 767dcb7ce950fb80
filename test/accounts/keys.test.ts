import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { makeKey, me, type Person, PRODUCTION, signUp } from "./people.ts";

interface KeyBody {
  key: { id: string; prefix: string; models: string[] | null; last_used_at: string | null };
  secret: string;
  code?: string;
}

describe("keys", () => {
  let app: App;
  let databaseUrl: string;
  let person: Person;
  const create = (body: object, who = person) =>
    post<KeyBody>(`${app.url}/api/keys`, body, { cookie: who.cookie });
  const list = () =>
    get<{ keys: KeyBody["key"][]; count: number }>(`${app.url}/api/keys`, { cookie: person.cookie });
  const write = (model: string, headers: Record<string, string>, fields: object = {}) =>
    post(`${app.url}/api/trades`, aTrade({ model, ...fields }), headers);

  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, DATABASE_URL: databaseUrl });
  });
  after(() => app.stop());
  beforeEach(async () => {
    person = await signUp(app.url, databaseUrl);
  });

  it("are made with a secret that is shown once and kept as a digest", async () => {
    const expires_at = "2999-01-01T00:00:00.000Z";
    const { status, body } = await create({ name: "bot", models: ["a", "b/c"], expires_at });
    expect(status).to.equal(201);
    expect(body.secret).to.match(/^tpk_[a-z2-7]{12}_[\w-]{43}$/);
    expect(body.key).to.include({ name: "bot", expires_at, last_used_at: null });
    expect(body.key).to.have.all.keys(
      ...["id", "name", "prefix", "models", "expires_at", "last_used_at", "created_at"],
    );
    expect(body.secret.startsWith(`${body.key.prefix}_`)).to.equal(true);
    expect((await list()).body).to.deep.equal({ keys: [body.key], count: 1 });
    const rows = await query(databaseUrl, "SELECT * FROM api_keys");
    expect(JSON.stringify(rows)).to.not.include(body.secret.slice(-43));
  });

  it("say whose they are, and make no keys themselves", async () => {
    const { bearer } = await makeKey(app.url, person);
    expect((await me(app.url, bearer)).body.user).to.include({ email: person.email });
    expect((await post(`${app.url}/api/keys`, { name: "more" }, bearer)).status).to.equal(403);
  });

  it("write for the models that they name and no others, where they name none for their account's", async () => {
    const mine = `mine ${randomUUID()}`;
    const named = await makeKey(app.url, person, { models: [mine] });
    const any = await makeKey(app.url, person);
    expect((await write(mine, named.bearer)).status).to.equal(201);
    expect((await write("another of mine", named.bearer)).status).to.equal(403);
    expect((await write(mine, any.bearer)).status).to.equal(201);
    const stranger = await makeKey(app.url, await signUp(app.url, databaseUrl));
    const { status, body } = await write(mine, stranger.bearer);
    expect([status, body.code]).to.deep.equal([403, "forbidden"]);
  });

  it("refuse a whole bulk for one row of another's model, and take none of its models", async () => {
    const theirs = `theirs ${randomUUID()}`;
    const free = `free ${randomUUID()}`;
    const stranger = await makeKey(app.url, await signUp(app.url, databaseUrl));
    await write(theirs, stranger.bearer);
    const { bearer } = await makeKey(app.url, person);
    const head = async () => (await get<{ head: number }>(`${app.url}/api/tape?limit=1`)).body.head;
    const before = await head();
    const bulk = { trades: [aTrade({ model: free }), aTrade({ model: theirs }), aTrade({ model: free })] };
    expect((await post(`${app.url}/api/trades/bulk`, bulk, bearer)).status).to.equal(403);
    expect(await head()).to.equal(before);
    expect((await write(free, stranger.bearer)).status).to.equal(201);
  });

  it("close only trades of models that they may write for", async () => {
    const model = `closed ${randomUUID()}`;
    const id = randomUUID();
    const { bearer } = await makeKey(app.url, person);
    await write(model, bearer, { id, status: "open" });
    const close = (headers: Record<string, string>) =>
      send("PATCH", `${app.url}/api/trades/${id}`, { status: "closed", exit_price: 1 }, headers);
    const other = await makeKey(app.url, person, { models: ["other"] });
    const stranger = await makeKey(app.url, await signUp(app.url, databaseUrl));
    expect((await close(other.bearer)).status).to.equal(403);
    expect((await close(stranger.bearer)).status).to.equal(403);
    expect((await close(bearer)).status).to.equal(200);
  });

  it("give a model to one account when many write for it first at once", async () => {
    const model = `contested ${randomUUID()}`;
    const people = await Promise.all(Array.from({ length: 6 }, () => signUp(app.url, databaseUrl)));
    const keys = await Promise.all(people.map((one) => makeKey(app.url, one)));
    const statuses = await Promise.all(keys.map(async ({ bearer }) => (await write(model, bearer)).status));
    expect(statuses.sort()).to.deep.equal([201, ...Array(5).fill(403)]);
    const owners = await query(databaseUrl, "SELECT user_id FROM model_owners WHERE model = $1", [model]);
    expect(owners).to.have.length(1);
  });

  it("work no longer once they are revoked, or have expired", async () => {
    const { id, bearer } = await makeKey(app.url, person);
    expect((await write("m", bearer)).status).to.be.oneOf([201, 403]);
    const revoke = (who: Person) =>
      send("DELETE", `${app.url}/api/keys/${id}`, undefined, { cookie: who.cookie });
    expect((await revoke(await signUp(app.url, databaseUrl))).status).to.equal(404);
    expect((await revoke(person)).status).to.equal(200);
    const { status, body } = await write("m", bearer);
    expect([status, body.code]).to.deep.equal([401, "unauthenticated"]);
    expect((await revoke(person)).status).to.equal(404);
    expect((await list()).body.count).to.equal(0);
    const short = await makeKey(app.url, person, { expires_at: new Date(Date.now() + 60_000).toISOString() });
    await query(databaseUrl, "UPDATE api_keys SET expires_at = now() WHERE id = $1", [short.id]);
    expect((await write("m", short.bearer)).status).to.equal(401);
  });

  it("note when they were last used", async () => {
    const { bearer } = await makeKey(app.url, person);
    await me(app.url, bearer);
    await eventually(async () => (await list()).body.keys[0]?.last_used_at !== null);
  });

  it("are refused where something is not as it must be", async () => {
    const bad = [
      {},
      { name: "" },
      { name: "n", models: [] },
      { name: "n", models: ["\n"] },
      { name: "n", expires_at: "2001-01-01T00:00:00Z" },
      { name: "n", expires_at: "tomorrow" },
      { name: "n", role: "admin" },
      { name: "n", user_id: "1" },
    ];
    for (const body of bad) expect((await create(body)).status, JSON.stringify(body)).to.equal(400);
    const model = `owned ${randomUUID()}`;
    const stranger = await makeKey(app.url, await signUp(app.url, databaseUrl));
    await write(model, stranger.bearer);
    expect((await create({ name: "n", models: [model] })).status).to.equal(403);
    expect((await list()).body.count).to.equal(0);
  });

  it("are refused, however they are spelt, where they are nobody's", async () => {
    const { secret } = await makeKey(app.url, person);
    const altered = secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A");
    for (const sent of [altered, secret.slice(0, -1), secret.toUpperCase(), "x", "tpk_", `${secret}x`]) {
      expect((await me(app.url, { authorization: `Bearer ${sent}` })).status, sent).to.equal(401);
    }
    // Another scheme is a proxy's business; without one there is nobody.
    expect((await get(`${app.url}/api/trades`, { authorization: "Basic YTpi" })).status).to.equal(200);
    expect((await get(`${app.url}/api/trades`, { authorization: "Bearer x" })).status).to.equal(401);
    expect((await me(app.url, { authorization: `bearer  ${secret} ` })).status).to.equal(200);
  });

  it("are at most a hundred for an account", async () => {
    await query(
      databaseUrl,
      `INSERT INTO api_keys (id, user_id, name, prefix, secret_hash)
       SELECT 'x' || n || $1, $1, 'x', 'x' || n || $1, 'x' FROM generate_series(1, 100) n`,
      [person.id],
    );
    expect((await create({ name: "one too many" })).body.code).to.equal("conflict");
  });
});
