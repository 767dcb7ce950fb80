import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { makeKey, me, PASSWORD, type Person, PRODUCTION, signIn, signUp } from "./people.ts";

const OTHER = "another password of length";

describe("a password", () => {
  let app: App;
  let databaseUrl: string;
  let person: Person;

  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, TRUST_PROXY: "1", DATABASE_URL: databaseUrl });
  });
  after(() => app.stop());
  beforeEach(async () => {
    person = await signUp(app.url, databaseUrl);
  });

  const cookieHeader = ({ cookie }: { cookie: string }) => ({ cookie });
  const change = (body: object, cookie: string) =>
    post(`${app.url}/api/auth/password`, body, {
      cookie,
      "x-forwarded-for": `2001:db8:${randomUUID().slice(0, 4)}::1`,
    });
  const login = (password: string, email = person.email) =>
    post(`${app.url}/api/auth/login`, { email, password }, { "x-forwarded-for": "203.0.113.77" });
  const refusesWeak = (refusal: { status: number; body: Record<string, unknown> }) =>
    expect([refusal.status, refusal.body.code, JSON.stringify(refusal.body.details)]).to.satisfy(
      ([status, code, details]: string[]) =>
        Number(status) === 400 && code === "validation_error" && details?.includes("guessed first"),
    );

  describe("POST /api/auth/password", () => {
    it("changes it, ends all other sessions and their sockets, and leaves this one and the keys", async () => {
      const other = await signIn(app.url, person.email);
      const key = await makeKey(app.url, person);
      const socket = io(app.url, {
        transports: ["websocket"],
        forceNew: true,
        extraHeaders: { cookie: other },
      });
      await new Promise<void>((resolve) => socket.on("connect", resolve));
      const cut = new Promise((resolve) => socket.on("disconnect", resolve));
      const { status, body } = await change({ password: PASSWORD, new_password: OTHER }, person.cookie);
      expect([status, body]).to.deep.equal([200, { success: true }]);
      await cut;
      socket.disconnect();
      expect((await me(app.url, { cookie: other })).status).to.equal(401);
      expect((await me(app.url, cookieHeader(person))).status).to.equal(200);
      expect((await me(app.url, key.bearer)).status).to.equal(200);
      expect([(await login(PASSWORD)).status, (await login(OTHER)).status]).to.deep.equal([401, 200]);
    });

    it("refuses a wrong old one, which counts as a wrong login, and a weak or endless new one", async () => {
      expect((await change({ password: OTHER, new_password: OTHER }, person.cookie)).status).to.equal(401);
      refusesWeak(await change({ password: PASSWORD, new_password: "password1234" }, person.cookie));
      refusesWeak(await change({ password: PASSWORD, new_password: person.email }, person.cookie));
      for (const new_password of ["short", "x".repeat(1025), 5, undefined]) {
        expect((await change({ password: PASSWORD, new_password }, person.cookie)).status).to.equal(400);
      }
      expect(
        (await change({ password: PASSWORD, new_password: OTHER, role: "admin" }, person.cookie)).status,
      ).to.equal(400);
      expect((await login(PASSWORD)).status).to.equal(200);
      const guesses = Array.from({ length: 12 }, () =>
        change({ password: "wrong", new_password: OTHER }, person.cookie),
      );
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 429)).to.have.length(2);
      expect((await me(app.url, cookieHeader(person))).status).to.equal(200);
    });

    it("changes it once of many times at once, and no sign-in with the old one outlives it", async () => {
      const changes = Array.from({ length: 4 }, (_, index) =>
        change({ password: PASSWORD, new_password: `${OTHER} ${index}` }, person.cookie),
      );
      const logins = Array.from({ length: 4 }, () => login(PASSWORD));
      const [changed, signedIn] = await Promise.all([Promise.all(changes), Promise.all(logins)]);
      const which = changed.findIndex(({ status }) => status === 200);
      expect(changed.filter(({ status }) => status === 200)).to.have.length(1);
      const cookies = signedIn.flatMap(({ status, headers }) =>
        status === 200 ? [headers.getSetCookie()[0]?.split(";", 1)[0] ?? ""] : [],
      );
      await eventually(async () => (await me(app.url, cookieHeader(person))).status === 200);
      for (const cookie of cookies) expect((await me(app.url, { cookie })).status).to.equal(401);
      expect((await login(`${OTHER} ${which}`)).status).to.equal(200);
    });
  });

  describe("POST /api/auth/register", () => {
    it("refuses one that is common or the account's own address", async () => {
      const email = `${randomUUID()}@example.com`;
      for (const password of ["password1234", "qwerty123456", email]) {
        refusesWeak(await post(`${app.url}/api/auth/register`, { email, password }));
      }
    });
  });

  describe("POST /api/auth/reset", () => {
    let admin: Person;
    before(async () => {
      admin = await signUp(app.url, databaseUrl, "admin");
    });
    const makeLink = (id = person.id) =>
      post<{ success: boolean; link: string; expires_at: string }>(
        `${app.url}/api/admin/users/${id}/reset`,
        undefined,
        cookieHeader(admin),
      );
    const tokenOf = (link: string) => new URL(link).hash.slice(1);
    const reset = (token: string, new_password = OTHER) =>
      post(`${app.url}/api/auth/reset`, { token, new_password });

    it("sets it anew by a link that an admin made, once, and ends all sessions", async () => {
      const { status, body } = await makeLink();
      expect([status, body.success]).to.deep.equal([201, true]);
      expect(Date.parse(body.expires_at) - Date.now()).to.be.within(3_500_000, 3_605_000);
      expect(body.link.startsWith(`${app.url}/reset#`)).to.equal(true);
      const page = await get<string>(body.link);
      expect([page.status, page.body]).to.satisfy(
        ([code, text]: [number, string]) => code === 200 && text.includes("<html"),
      );
      const token = tokenOf(body.link);
      refusesWeak(await reset(token, "password1234"));
      expect((await reset(token)).status).to.equal(200);
      expect((await me(app.url, cookieHeader(person))).status).to.equal(401);
      expect([(await login(PASSWORD)).status, (await login(OTHER)).status]).to.deep.equal([401, 200]);
      const again = await reset(token, "a third password of length");
      expect([again.status, again.body.code]).to.deep.equal([404, "not_found"]);
    });

    it("takes a link once of many times at once", async () => {
      const token = tokenOf((await makeLink()).body.link);
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) => reset(token, `${OTHER} ${index}`)),
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404, 404, 404, 404, 404]);
    });

    it("takes none that is older than an hour, that another one followed, or that was made up", async () => {
      const first = tokenOf((await makeLink()).body.link);
      const second = tokenOf((await makeLink()).body.link);
      expect((await reset(first)).status).to.equal(404);
      await query(databaseUrl, "UPDATE password_resets SET expires_at = now() WHERE user_id = $1", [
        person.id,
      ]);
      expect((await reset(second)).status).to.equal(404);
      for (const token of ["x", "A".repeat(43), "%00", first.slice(1)])
        expect((await reset(token)).status).to.equal(404);
      expect((await makeLink("nobody")).status).to.equal(404);
      expect((await login(PASSWORD)).status).to.equal(200);
    });

    it("takes none that was made before the password was changed; what is kept of a link opens nothing", async () => {
      const token = tokenOf((await makeLink()).body.link);
      const [row] = await query<{ token_hash: string }>(
        databaseUrl,
        "SELECT * FROM password_resets WHERE user_id = $1",
        [person.id],
      );
      expect(JSON.stringify(row)).to.not.include(token);
      expect((await reset(row?.token_hash ?? "")).status).to.equal(404);
      await change({ password: PASSWORD, new_password: OTHER }, person.cookie);
      expect((await reset(token)).status).to.equal(404);
    });
  });

  describe("DELETE /api/auth/account", () => {
    const close = (password: string, cookie: string) =>
      send("DELETE", `${app.url}/api/auth/account`, { password }, { cookie });

    it("closes the account: keys and sessions end, its models are nobody's, what it wrote stays", async () => {
      const key = await makeKey(app.url, person);
      const model = `left by ${person.email.slice(0, 8)}`;
      expect((await post(`${app.url}/api/trades`, aTrade({ model }), key.bearer)).status).to.equal(201);
      expect((await close("not the password", person.cookie)).status).to.equal(401);
      expect((await close(PASSWORD, person.cookie)).status).to.equal(200);
      expect((await me(app.url, cookieHeader(person))).status).to.equal(401);
      expect((await me(app.url, key.bearer)).status).to.equal(401);
      expect((await login(PASSWORD)).status).to.equal(401);
      const { body } = await get<{ count: number }>(
        `${app.url}/api/trades?model=${encodeURIComponent(model)}`,
      );
      expect(body.count).to.equal(1);
      const heir = await signUp(app.url, databaseUrl);
      expect((await post(`${app.url}/api/trades`, aTrade({ model }), cookieHeader(heir))).status).to.equal(
        201,
      );
      const again = await post(`${app.url}/api/auth/register`, { email: person.email, password: OTHER });
      expect(again.status).to.equal(201);
    });

    it("takes a body, and nothing else than the password in it", async () => {
      for (const body of [undefined, {}, { password: PASSWORD, reason: "x" }]) {
        const { status } = await send("DELETE", `${app.url}/api/auth/account`, body, cookieHeader(person));
        expect(status).to.be.oneOf([400, 415]);
      }
      expect((await me(app.url, cookieHeader(person))).status).to.equal(200);
    });

    it("never takes the last admin, also when all go at once", async () => {
      const fresh = await newDatabase();
      const other = await startHere({
        ...PRODUCTION,
        ADMIN_EMAIL: "",
        ADMIN_PASSWORD: "",
        AUTH: "open",
        DATABASE_URL: fresh,
      });
      try {
        const admins = await Promise.all([1, 2, 3].map(() => signUp(other.url, fresh, "admin")));
        const closed = await Promise.all(
          admins.map(({ cookie }) =>
            send("DELETE", `${other.url}/api/auth/account`, { password: PASSWORD }, { cookie }),
          ),
        );
        expect(closed.map(({ status }) => status).sort()).to.deep.equal([200, 200, 409]);
      } finally {
        await other.stop();
      }
    });
  });
});
