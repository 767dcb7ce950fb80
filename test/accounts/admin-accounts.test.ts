import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { makeKey, me, PASSWORD, type Person, PRODUCTION, signIn, signUp } from "./people.ts";

interface Listed {
  id: string;
  email: string;
  role: string;
  disabled: boolean;
  created_at: string;
}

describe("accounts in the hands of an admin", () => {
  let here: App;
  let there: App;
  let databaseUrl: string;
  let admin: Person;
  let person: Person;

  before(async () => {
    databaseUrl = await newDatabase();
    // Two instances without Redis: nothing but the database tells one what happened on the other.
    const settings = { ...PRODUCTION, DATABASE_URL: databaseUrl };
    [here, there] = await Promise.all([startHere(settings), startHere(settings)]);
    admin = await signUp(here.url, databaseUrl, "admin");
  });
  after(async () => {
    await here.stop();
    await there.stop();
  });
  beforeEach(async () => {
    person = await signUp(here.url, databaseUrl);
  });

  const change = (id: string, body: object, by: Person = admin, { url }: App = here) =>
    send<{ user: Listed; code: string; error: string }>("PATCH", `${url}/api/admin/users/${id}`, body, {
      cookie: by.cookie,
    });
  const list = (query = "") =>
    get<{ users: Listed[]; count: number; next_cursor: string | null }>(
      `${here.url}/api/admin/users${query}`,
      {
        cookie: admin.cookie,
      },
    );

  it("are listed newest first, page by page, each once and without what opens them", async () => {
    const newest = [person, ...(await Promise.all([1, 2, 3, 4].map(() => signUp(here.url, databaseUrl))))];
    const all = (await list()).body;
    expect(all.next_cursor).to.equal(null);
    expect(all.users.slice(0, 5).map(({ id }) => id)).to.have.members(newest.map(({ id }) => id));
    expect(Object.keys(all.users[0] ?? {})).to.have.members([
      "id",
      "email",
      "name",
      "role",
      "disabled",
      "created_at",
    ]);
    const paged: Listed[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(body.count).to.equal(body.users.length).and.at.most(2);
      paged.push(...body.users);
      cursor = body.next_cursor;
    }
    expect(paged).to.deep.equal(all.users);
    for (const bad of ["?limit=0", "?limit=1001", "?cursor=x", "?page=2"]) {
      expect((await list(bad)).status, bad).to.equal(400);
    }
  });

  it("are disabled: sessions, keys and sockets end on every instance, and nobody signs in", async () => {
    const key = await makeKey(here.url, person);
    const sockets = [{ token: key.secret }, {}].map((auth) =>
      io(there.url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        auth,
        ...(!("token" in auth) && { extraHeaders: { cookie: person.cookie } }),
      }),
    );
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.on("connect", resolve))));
    const cut = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.on("disconnect", resolve))),
    );
    const { status, body } = await change(person.id, { disabled: true });
    expect([status, body.user.disabled]).to.deep.equal([200, true]);
    await cut;
    const write = (url: string) => post(`${url}/api/trades`, aTrade({ model: person.email }), key.bearer);
    expect((await write(here.url)).status).to.equal(401);
    await eventually(async () => (await write(there.url)).status === 401);
    expect((await me(here.url, { cookie: person.cookie })).status).to.equal(401);
    const refused = await post(`${here.url}/api/auth/login`, { email: person.email, password: PASSWORD });
    expect([refused.status, refused.body.error]).to.deep.equal([
      403,
      "This account is disabled; ask whoever runs the playground.",
    ]);
    const wrong = await post(`${here.url}/api/auth/login`, { email: person.email, password: "wrong" });
    expect(wrong.status).to.equal(401);

    expect((await change(person.id, { disabled: false })).body.user.disabled).to.equal(false);
    // What ended stays so; the account itself is as before.
    expect((await me(here.url, key.bearer)).status).to.equal(401);
    expect((await me(here.url, { cookie: person.cookie })).status).to.equal(401);
    await signIn(here.url, person.email);
  });

  it("get another role, which holds at once here and soon everywhere", async () => {
    const key = await makeKey(here.url, person);
    const write = (url: string) => post(`${url}/api/trades`, aTrade({ model: person.email }), key.bearer);
    expect((await write(here.url)).status).to.equal(201);
    expect((await write(there.url)).status).to.equal(201);
    expect((await change(person.id, { role: "observer" })).body.user.role).to.equal("observer");
    expect((await write(here.url)).status).to.equal(403);
    await eventually(async () => (await write(there.url)).status === 403);
  });

  it("are left alone where the change is none, or the account is not there", async () => {
    for (const body of [
      {},
      { role: "king" },
      { disabled: "yes" },
      { email: "x@example.com" },
      { disabled: null },
    ]) {
      expect((await change(person.id, body)).status, JSON.stringify(body)).to.equal(400);
    }
    expect((await change("nobody", { role: "user" })).status).to.equal(404);
    expect((await change("%00", { role: "user" })).status).to.equal(400);
  });

  it("are never taken from oneself, and two admins who take each other's leave one", async () => {
    for (const body of [{ disabled: true }, { role: "user" }]) {
      const { status, body: answer } = await change(admin.id, body);
      expect([status, answer.code]).to.deep.equal([409, "conflict"]);
    }
    expect((await change(admin.id, { role: "admin", disabled: false })).status).to.equal(200);
    const { users } = (await list("?limit=1000")).body;
    const other = await signUp(here.url, databaseUrl, "admin");
    for (const { id, role } of users) {
      if (role === "admin" && id !== admin.id) await change(id, { role: "observer" });
    }
    const both = await Promise.all([
      change(other.id, { disabled: true }),
      change(admin.id, { role: "user" }, other, there),
    ]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
  });
});
