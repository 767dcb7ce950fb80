import { randomUUID } from "node:crypto";
import bcrypt from "bcryptjs";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ADMIN, cookieOf, me, PASSWORD, PRODUCTION, signIn, signUp } from "./people.ts";

interface UserBody {
  success?: boolean;
  user?: { id: string; email: string; name: string | null; role: string };
  code?: string;
  error?: string;
}

describe("accounts", () => {
  let app: App;
  let databaseUrl: string;
  const register = (body: object, headers: Record<string, string> = {}) =>
    post<UserBody>(`${app.url}/api/auth/register`, body, headers);
  let addresses = 0;
  // From a new address each time: what is wrong on purpose here must not lock the others out.
  const login = (body: object, headers: Record<string, string> = {}) =>
    post<UserBody>(`${app.url}/api/auth/login`, body, {
      "x-forwarded-for": `203.0.113.${addresses++}`,
      ...headers,
    });
  const newEmail = () => `${randomUUID()}@example.com`;
  const hashOf = async (email: string) => {
    const [row] = await query<{ password_hash: string }>(
      databaseUrl,
      "SELECT password_hash FROM users WHERE email = $1",
      [email],
    );
    return row?.password_hash ?? "";
  };

  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, TRUST_PROXY: "1", DATABASE_URL: databaseUrl });
  });
  after(() => app.stop());

  describe("POST /api/auth/register", () => {
    it("opens an account, of the role user, and signs in to it", async () => {
      const { status, headers, body } = await register({
        email: "New.Trader@Example.com",
        password: PASSWORD,
        name: "New",
      });
      expect([status, body.success]).to.deep.equal([201, true]);
      const { id, ...rest } = body.user as NonNullable<UserBody["user"]>;
      expect(rest).to.deep.equal({ email: "new.trader@example.com", name: "New", role: "user" });
      expect((await me(app.url, { cookie: cookieOf(headers) })).body.user).to.include({
        id,
        email: rest.email,
      });
    });

    it("answers 409 for an email that has an account, however it is written, and leaves that one alone", async () => {
      const { email } = await signUp(app.url, databaseUrl);
      const before = await hashOf(email);
      const { status, body } = await register({ email: email.toUpperCase(), password: "another password" });
      expect([status, body.code]).to.deep.equal([409, "conflict"]);
      expect(await hashOf(email)).to.equal(before);
    });

    it("makes one account of many requests for it at once", async () => {
      const email = newEmail();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => register({ email, password: PASSWORD })),
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, ...Array(7).fill(409)]);
    });

    it("refuses a role, and every other field that it does not know", async () => {
      for (const field of [{ role: "admin" }, { id: "1" }, { password_hash: "x" }, { created_at: "2020" }]) {
        const email = newEmail();
        const { status, body } = await register({ email, password: PASSWORD, ...field });
        expect([status, body.code], JSON.stringify(field)).to.deep.equal([400, "validation_error"]);
        expect(await hashOf(email)).to.equal("");
      }
    });

    it("refuses what is no email, and a password that is short or endless", async () => {
      for (const email of [
        "",
        "a",
        "a@",
        "@a",
        "a b@c.d",
        "a@b@c",
        "a@b..c",
        "a@b.c\n",
        `${"a".repeat(250)}@b.c`,
        5,
        null,
      ]) {
        expect((await register({ email, password: PASSWORD })).status, String(email)).to.equal(400);
      }
      for (const password of ["short", "", 123456789012, null, "x".repeat(1025), "with a \0 in it"]) {
        expect((await register({ email: newEmail(), password })).status, String(password)).to.equal(400);
      }
    });

    it("keeps the password as argon2id, with 19 MiB, two passes and a salt of its own", async () => {
      const one = await signUp(app.url, databaseUrl);
      const other = await signUp(app.url, databaseUrl);
      expect(await hashOf(one.email)).to.match(
        /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22,}\$[\w+/]{43}$/,
      );
      expect(await hashOf(one.email)).to.not.equal(await hashOf(other.email));
    });
  });

  describe("POST /api/auth/login", () => {
    it("signs in with the email in any case, and with passwords of any letters", async () => {
      const password = "pässwörd 密码 🔑 long";
      const email = newEmail();
      await register({ email, password });
      expect((await login({ email: email.toUpperCase(), password })).status).to.equal(200);
      expect((await login({ email, password: password.toUpperCase() })).status).to.equal(401);
    });

    it("says the same of a wrong password and of an account that is not there, and gives no cookie", async () => {
      const { email } = await signUp(app.url, databaseUrl);
      const answers = [
        await login({ email, password: "not the password" }),
        await login({ email: newEmail(), password: PASSWORD }),
      ];
      for (const { status, body, headers } of answers) {
        expect(status).to.equal(401);
        expect(body).to.deep.equal(answers[0]?.body);
        expect(body.code).to.equal("unauthenticated");
        expect(headers.getSetCookie()).to.deep.equal([]);
      }
    });

    it("begins a session under a new id, and ends the one that came with the request", async () => {
      const { email, cookie: planted } = await signUp(app.url, databaseUrl);
      const { headers } = await login({ email, password: PASSWORD }, { cookie: planted });
      const cookie = cookieOf(headers);
      expect(cookie).to.not.equal(planted);
      expect((await me(app.url, { cookie })).status).to.equal(200);
      expect((await login({ email, password: PASSWORD }, { cookie: planted })).status).to.equal(200);
      const [, sid = ""] = /s%3A([\w-]+)\./.exec(planted) ?? [];
      const rows = await query<{ sid: string; data: string }>(databaseUrl, "SELECT sid, data FROM sessions");
      expect(JSON.stringify(rows)).to.not.include(sid);
    });

    it("takes no session id that it did not sign itself", async () => {
      const { cookie } = await signUp(app.url, databaseUrl);
      const value = decodeURIComponent(cookie.split("=")[1] ?? "");
      const [id = ""] = value.slice(2).split(".");
      for (const forged of [
        `s:${id}`,
        id,
        `s:${id}.`,
        `${value}x`,
        `s:${id}x.${value.split(".")[1]}`,
        "%",
        "s:..",
        "",
      ]) {
        const { status } = await me(app.url, { cookie: `tp_session=${encodeURIComponent(forged)}` });
        expect(status, forged).to.equal(401);
      }
      expect((await me(app.url, { cookie: `a=b; ${cookie}; c=d` })).status).to.equal(200);
    });

    it("gives a cookie that scripts cannot read, that other sites' forms do not send, and that is Secure behind TLS", async () => {
      const { email } = await signUp(app.url, databaseUrl);
      const plain = (await login({ email, password: PASSWORD })).headers.getSetCookie()[0];
      expect(plain)
        .to.match(/^tp_session=/)
        .and.include("HttpOnly")
        .and.include("SameSite=Lax")
        .and.include("Path=/;");
      expect(plain).to.not.include("Secure");
      const { headers } = await login({ email, password: PASSWORD }, { "x-forwarded-proto": "https" });
      expect(headers.getSetCookie()[0]).to.include("Secure").and.include("HttpOnly");
    });

    it("takes a bcrypt hash that was taken over, and replaces it by one of today's", async () => {
      for (const mark of ["$2a$", "$2b$", "$2y$"]) {
        const email = newEmail();
        const hash = (await bcrypt.hash("short one", 4)).replace(/^\$2.\$/, mark);
        await query(databaseUrl, "INSERT INTO users (id, email, password_hash) VALUES ($1, $2, $3)", [
          randomUUID(),
          email,
          hash,
        ]);
        expect((await login({ email, password: "another one" })).status, mark).to.equal(401);
        expect(await hashOf(email)).to.equal(hash);
        expect((await login({ email, password: "short one" })).status, mark).to.equal(200);
        expect(await hashOf(email)).to.match(/^\$argon2id\$/);
        expect((await login({ email, password: "short one" })).status, mark).to.equal(200);
      }
    });

    it("lets nobody in where there is no hash, or one that cannot be read or would take for ever", async () => {
      for (const hash of [null, "", "plain", `$2b$31$${"a".repeat(53)}`, "$argon2id$v=19$broken"]) {
        const email = newEmail();
        await query(databaseUrl, "INSERT INTO users (id, email, password_hash) VALUES ($1, $2, $3)", [
          randomUUID(),
          email,
          hash,
        ]);
        expect((await login({ email, password: hash || "null" })).status, String(hash)).to.equal(401);
      }
    });
  });

  describe("the first admin", () => {
    it("is made from the settings, and signs in", async () => {
      const { status, body } = await login(ADMIN);
      expect([status, body.user?.role]).to.deep.equal([200, "admin"]);
    });

    it("is left as it is at the next start", async () => {
      const cookie = await signIn(app.url, ADMIN.email, ADMIN.password);
      const settings = { ...PRODUCTION, DATABASE_URL: databaseUrl, ADMIN_PASSWORD: "a changed password" };
      const again = await startHere(settings);
      expect((await me(again.url, { cookie })).status).to.equal(200);
      expect((await post(`${again.url}/api/auth/login`, ADMIN)).status).to.equal(200);
      await again.stop();
    });

    it("is nobody who opened an account under that email before: the start stops with a sentence", async () => {
      const email = newEmail();
      await query(databaseUrl, "INSERT INTO users (id, email) VALUES ($1, $1)", [email]);
      const failure = await startHere({ ...PRODUCTION, DATABASE_URL: databaseUrl, ADMIN_EMAIL: email }).then(
        (started) => started.stop().then(() => "started"),
        (error: Error) => error.message,
      );
      expect(failure).to.include("The setting ADMIN_EMAIL").and.include(email);
      const [row] = await query(databaseUrl, "SELECT role, password_hash FROM users WHERE email = $1", [
        email,
      ]);
      expect(row).to.deep.equal({ role: "user", password_hash: null });
    });

    it("may be less than an admin where another admin made them so", async () => {
      const email = newEmail();
      await query(databaseUrl, "INSERT INTO users (id, email, role_set_at) VALUES ($1, $1, now())", [email]);
      const started = await startHere({ ...PRODUCTION, DATABASE_URL: databaseUrl, ADMIN_EMAIL: email });
      await started.stop();
    });
  });
});
