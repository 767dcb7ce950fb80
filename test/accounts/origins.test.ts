import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { isForeignOrigin } from "../../src/platform/http/origin.ts";
import { aTrade, get, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { makeKey, PASSWORD, type Person, PRODUCTION, signUp } from "./people.ts";

const FRIEND = "https://board.example";
const FOREIGN = [
  "https://evil.example",
  "null",
  "http://127.0.0.1:1",
  "https://board.example.evil.example",
  "garbage",
];

describe("pages of other origins", () => {
  let app: App;
  let open: App;
  let person: Person;
  let own: string;

  before(async () => {
    const databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, ALLOWED_ORIGINS: FRIEND, DATABASE_URL: databaseUrl });
    open = await startHere({ DATABASE_URL: databaseUrl });
    person = await signUp(app.url, databaseUrl);
    own = new URL(app.url).origin;
  });
  after(async () => {
    await app.stop();
    await open.stop();
  });

  const write = (headers: Record<string, string>) =>
    post(`${app.url}/api/trades`, aTrade({ model: "m" }), headers);

  it("cannot write by the cookie that a browser sends along; our own and allowed ones can", async () => {
    for (const origin of FOREIGN) {
      const { status, body } = await write({ cookie: person.cookie, origin });
      expect([status, body.code], origin).to.deep.equal([403, "forbidden"]);
    }
    expect((await write({ cookie: person.cookie, "sec-fetch-site": "cross-site" })).status).to.equal(403);
    for (const origin of [own, FRIEND]) {
      expect((await write({ cookie: person.cookie, origin })).status, origin).to.equal(201);
    }
    expect((await write({ cookie: person.cookie })).status).to.equal(201);
  });

  it("cannot make or revoke keys, end sessions, nor sign anyone in, up or out", async () => {
    const origin = FOREIGN[0] as string;
    const headers = { cookie: person.cookie, origin };
    const key = await makeKey(app.url, person);
    const credentials = { email: person.email, password: PASSWORD };
    const answers = [
      await post(`${app.url}/api/keys`, { name: "n" }, headers),
      await send("DELETE", `${app.url}/api/keys/${key.id}`, undefined, headers),
      await send("DELETE", `${app.url}/api/auth/sessions/x`, undefined, headers),
      await post(`${app.url}/api/auth/login`, credentials, { origin }),
      await post(`${app.url}/api/auth/register`, { ...credentials, email: "a@b.c" }, { origin }),
      await post(`${app.url}/api/auth/logout`, {}, headers),
    ];
    for (const { status } of answers) expect(status).to.equal(403);
    expect((await get(`${app.url}/api/auth/me`, { cookie: person.cookie })).status).to.equal(200);
    // A key is sent by whoever holds it, never by a browser on its own.
    expect((await write({ ...key.bearer, origin })).status).to.equal(201);
  });

  it("cannot post a form: only JSON that says that it is JSON is read", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      const { status } = await post(`${app.url}/api/trades`, JSON.stringify(aTrade({ model: "m" })), {
        cookie: person.cookie,
        "content-type": type,
      });
      expect(status, type).to.equal(415);
    }
  });

  for (const transport of ["websocket", "polling"] as const) {
    it(`cannot open a ${transport} connection; our own, allowed ones and programs can`, async () => {
      const connect = (url: string, origin?: string) => {
        const socket = io(url, {
          transports: [transport],
          forceNew: true,
          reconnection: false,
          extraHeaders: { cookie: person.cookie, ...(origin !== undefined && { origin }) },
        });
        return new Promise<boolean>((resolve) => {
          socket.on("connect", () => resolve(true));
          socket.on("connect_error", () => resolve(false));
        }).finally(() => socket.disconnect());
      };
      for (const origin of FOREIGN) expect(await connect(app.url, origin), origin).to.equal(false);
      for (const origin of [own, FRIEND, undefined]) {
        expect(await connect(app.url, origin), String(origin)).to.equal(true);
      }
      // Where anyone may write there is nothing that a foreign page could take.
      expect(await connect(open.url, FOREIGN[0])).to.equal(true);
    });
  }

  it("are told from our own by host and port, whichever of them a proxy leaves out", () => {
    const foreign = (origin: string, host: string) => isForeignOrigin({ origin, host }, []);
    expect(foreign("https://play.example", "play.example")).to.equal(false);
    expect(foreign("https://play.example", "play.example:443")).to.equal(false);
    expect(foreign("http://play.example", "PLAY.example:80")).to.equal(false);
    expect(foreign("http://play.example:8080", "play.example")).to.equal(true);
    expect(foreign("file://", "")).to.equal(true);
    expect(isForeignOrigin({ origin: "https://play.example" }, [])).to.equal(true);
    expect(isForeignOrigin({}, [])).to.equal(false);
  });
});
