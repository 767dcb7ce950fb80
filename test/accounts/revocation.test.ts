import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { makeKey, me, type Person, PRODUCTION, signIn, signUp } from "./people.ts";

describe("a session or a key that has ended", () => {
  let databaseUrl: string;
  let here: App;
  let there: App;
  let person: Person;
  const open: (() => void)[] = [];

  // Two instances without Redis: nothing but the database tells one what happened on the other.
  before(async () => {
    databaseUrl = await newDatabase();
    const settings = { ...PRODUCTION, DATABASE_URL: databaseUrl };
    [here, there] = await Promise.all([startHere(settings), startHere(settings)]);
  });
  after(async () => {
    await here.stop();
    await there.stop();
  });
  beforeEach(async () => {
    person = await signUp(here.url, databaseUrl);
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function connect(
    { url }: App,
    credential: { token?: string; cookie?: string },
    transport: "websocket" | "polling" = "websocket",
  ): Promise<Socket> {
    const socket = io(url, {
      transports: [transport],
      forceNew: true,
      reconnection: false,
      ...(credential.cookie !== undefined && { extraHeaders: { cookie: credential.cookie } }),
      auth: { channels: ["trades"], ...(credential.token !== undefined && { token: credential.token }) },
    });
    open.push(() => socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.on("connect", resolve);
      socket.on("connect_error", reject);
    });
    return socket;
  }
  const closed = (socket: Socket) => new Promise<string>((resolve) => socket.on("disconnect", resolve));

  it("loses its sockets on every instance, whichever way they are connected, and no others", async () => {
    const key = await makeKey(here.url, person);
    const kept = await makeKey(here.url, person);
    const losing = await Promise.all([
      connect(here, { token: key.secret }),
      connect(there, { token: key.secret }),
      connect(there, { token: key.secret }, "polling"),
    ]);
    const staying = await Promise.all([
      connect(there, { token: kept.secret }),
      connect(there, { cookie: person.cookie }),
      connect(there, {}),
    ]);
    const ends = losing.map(closed);
    await send("DELETE", `${here.url}/api/keys/${key.id}`, undefined, { cookie: person.cookie });
    expect(await Promise.all(ends)).to.have.length(3);
    expect(staying.map(({ connected }) => connected)).to.deep.equal([true, true, true]);
    const refusal = await connect(there, { token: key.secret }).then(
      () => "connected",
      (error: { data: { code: string } }) => error.data.code,
    );
    expect(refusal).to.equal("unauthenticated");
  });

  it("loses its sockets when it was signed out elsewhere, or its session was ended", async () => {
    const other = await signIn(here.url, person.email);
    const sockets = await Promise.all([
      connect(there, { cookie: person.cookie }),
      connect(there, { cookie: other }),
    ]);
    const ends = sockets.map(closed);
    await post(`${here.url}/api/auth/logout`, {}, { cookie: person.cookie });
    await ends[0];
    await query(databaseUrl, "DELETE FROM sessions WHERE user_id = $1", [person.id]);
    await ends[1];
  });

  it("loses its sockets when it expires by itself", async () => {
    const key = await makeKey(here.url, person);
    const socket = await connect(there, { token: key.secret });
    const end = closed(socket);
    await query(databaseUrl, "UPDATE api_keys SET expires_at = now() WHERE id = $1", [key.id]);
    await end;
  });

  it("loses its event streams", async () => {
    const key = await makeKey(here.url, person);
    const response = await fetch(`${there.url}/api/stream?channels=trades`, { headers: key.bearer });
    expect(response.status).to.equal(200);
    const text = response.text().catch(() => "cut");
    await send("DELETE", `${here.url}/api/keys/${key.id}`, undefined, { cookie: person.cookie });
    expect(await text).to.equal("cut");
  });

  it("writes nothing on any instance", async () => {
    const key = await makeKey(here.url, person);
    const write = () => post(`${there.url}/api/trades`, aTrade({ model: person.email }), key.bearer);
    expect((await write()).status).to.equal(201);
    await send("DELETE", `${here.url}/api/keys/${key.id}`, undefined, { cookie: person.cookie });
    expect((await me(here.url, key.bearer)).status).to.equal(401);
    await eventually(async () => (await write()).status === 401);
  });

  it("is nobody's on any instance once it was signed out", async () => {
    expect((await me(there.url, { cookie: person.cookie })).status).to.equal(200);
    await post(`${here.url}/api/auth/logout`, {}, { cookie: person.cookie });
    await eventually(async () => (await me(there.url, { cookie: person.cookie })).status === 401);
  });

  it("takes a new role everywhere", async () => {
    const key = await makeKey(here.url, person);
    const write = () => post(`${there.url}/api/trades`, aTrade({ model: person.email }), key.bearer);
    expect((await write()).status).to.equal(201);
    await query(databaseUrl, "UPDATE users SET role = 'observer' WHERE id = $1", [person.id]);
    await eventually(async () => (await write()).status === 403);
  });
});
