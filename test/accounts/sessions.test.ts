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
});
