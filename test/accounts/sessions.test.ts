import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { get, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { me, PRODUCTION, signIn, signUp } from "./people.ts";

describe("sessions", () => {
  let app: App;
  let databaseUrl: string;

  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ ...PRODUCTION, DATABASE_URL: databaseUrl });
  });
  after(() => app.stop());

  it("are listed with the one that asks, and end one by one", async () => {
    const person = await signUp(app.url, databaseUrl);
    const other = await signIn(app.url, person.email);
    const list = (cookie: string) =>
      get<{ sessions: { id: string; current: boolean }[]; count: number }>(`${app.url}/api/auth/sessions`, {
        cookie,
      });
    const { body } = await list(person.cookie);
    expect([body.count, body.sessions.map(({ current }) => current)]).to.deep.equal([2, [false, true]]);
    const theOther = body.sessions.find(({ current }) => !current)?.id;
    const end = (id: unknown, cookie: string) =>
      send("DELETE", `${app.url}/api/auth/sessions/${id}`, undefined, { cookie });
    const stranger = await signUp(app.url, databaseUrl);
    expect((await end(theOther, stranger.cookie)).status).to.equal(404);
    expect((await me(app.url, { cookie: other })).status).to.equal(200);
    expect((await end(theOther, person.cookie)).status).to.equal(200);
    expect((await me(app.url, { cookie: other })).status).to.equal(401);
    expect((await end(theOther, person.cookie)).status).to.equal(404);
    expect((await end("%00", person.cookie)).status).to.equal(400);
    expect((await list(person.cookie)).body.count).to.equal(1);
  });

  it("end all at once, this one too, and none of anybody else", async () => {
    const person = await signUp(app.url, databaseUrl);
    const [other, stranger] = [await signIn(app.url, person.email), await signUp(app.url, databaseUrl)];
    const { status, headers } = await send("DELETE", `${app.url}/api/auth/sessions`, undefined, {
      cookie: person.cookie,
    });
    expect(status).to.equal(200);
    expect(headers.getSetCookie()[0]).to.match(/^tp_session=;/);
    for (const cookie of [person.cookie, other]) expect((await me(app.url, { cookie })).status).to.equal(401);
    expect((await me(app.url, { cookie: stranger.cookie })).status).to.equal(200);
  });

  it("end with a logout, which also forgets the cookie; whoever is not signed in may do it too", async () => {
    const { cookie } = await signUp(app.url, databaseUrl);
    const { status, headers } = await post(`${app.url}/api/auth/logout`, {}, { cookie });
    expect(status).to.equal(200);
    expect(headers.getSetCookie()[0]).to.match(/^tp_session=;.*Expires=Thu, 01 Jan 1970/);
    expect((await me(app.url, { cookie })).status).to.equal(401);
    expect((await send("POST", `${app.url}/api/auth/logout`)).status).to.equal(200);
  });

  it("are nobody's once they have expired, also before anyone cleans up", async () => {
    const { id, cookie } = await signUp(app.url, databaseUrl);
    await query(databaseUrl, "UPDATE sessions SET expires = now() WHERE user_id = $1", [id]);
    expect((await me(app.url, { cookie })).status).to.equal(401);
  });

  it("end with their account", async () => {
    const { id, cookie } = await signUp(app.url, databaseUrl);
    await query(databaseUrl, "DELETE FROM users WHERE id = $1", [id]);
    expect((await me(app.url, { cookie })).status).to.equal(401);
  });

  // Last: the models of this process belong to the instance that was started last.
  it("are at most so many an account: the oldest ends for a new one, also when many come at once", async () => {
    const limited = await startHere({
      ...PRODUCTION,
      MAX_SESSIONS_PER_ACCOUNT: "3",
      DATABASE_URL: databaseUrl,
    });
    try {
      const { id, email, cookie } = await signUp(limited.url, databaseUrl);
      const second = await signIn(limited.url, email);
      for (let more = 0; more < 2; more++) await signIn(limited.url, email);
      expect((await me(limited.url, { cookie })).status).to.equal(401);
      expect((await me(limited.url, { cookie: second })).status).to.equal(200);
      await Promise.all(Array.from({ length: 8 }, () => signIn(limited.url, email)));
      const rows = await query(databaseUrl, "SELECT sid FROM sessions WHERE user_id = $1", [id]);
      expect(rows).to.have.length(3);
    } finally {
      await limited.stop();
    }
  });
});
