import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { openDatabase } from "../../src/platform/postgres/database.ts";
import { PRODUCTION, signIn, signUp } from "../accounts/people.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { startPooler, type TestPooler } from "../support/pgbouncer.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { faults, subscribeTo } from "../support/subscriber.ts";

const WRITES = 60;

describe("behind pgbouncer in transaction mode", () => {
  let direct: string;
  let pooler: TestPooler;

  before(async function () {
    direct = await newDatabase();
    pooler = await startPooler(this, direct);
  });
  after(() => pooler?.stop());

  const through = (parameters: string) => `${pooler.url}?${parameters}`;

  for (const schema of ["public", "Arena-One"]) {
    describe(`with schema=${schema}`, () => {
      let apps: App[] = [];
      const environment = () => ({ DATABASE_URL: through(`schema=${schema}&pgbouncer=true`) });

      before(async () => {
        apps = await Promise.all([startHere(environment()), startHere(environment())]);
      });
      after(() => Promise.all(apps.map((app) => app.stop())));

      it("writes, reads, streams and closes on two instances, all in that schema", async () => {
        const [first, second] = apps as [App, App];
        const subscriber = subscribeTo(second.url, ["trades", "portfolios"], { since: 0 });
        const answers = await Promise.all(
          Array.from({ length: WRITES }, (_, at) =>
            post(`${apps[at % 2]?.url}/api/trades`, aTrade({ id: `t-${at}`, status: "open" })),
          ),
        );
        expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 201));
        expect(
          (await post(`${first.url}/api/trades`, aTrade({ id: "t-0", status: "open" }))).status,
        ).to.equal(200);
        expect((await patch(`${second.url}/api/trades/t-1`, { exit_price: 66_000 })).status).to.equal(200);
        expect((await post(`${first.url}/api/portfolio`, { model: "gpt-5", balance: 9000 })).status).to.equal(
          200,
        );
        const head = WRITES + 2;
        await subscriber.reached(head);
        expect(faults(subscriber.records, 0, head)).to.deep.equal([]);
        subscriber.close();
        for (const { url } of apps) {
          expect((await get<{ count: number }>(`${url}/api/trades?limit=1000`)).body.count).to.equal(WRITES);
          expect(
            (await get<{ leaderboard: unknown[] }>(`${url}/api/leaderboard`)).body.leaderboard,
          ).to.have.length(1);
          expect((await get(`${url}/readyz`)).status).to.equal(200);
        }
        const [row] = await query<{ trades: number }>(
          direct,
          `SELECT count(*)::int AS trades FROM "${schema}".trades`,
        );
        expect(row?.trades).to.equal(WRITES);
      });

      it("has the same after a restart", async () => {
        await apps[0]?.stop();
        apps[0] = await startHere(environment());
        const { body } = await get<{ count: number }>(`${apps[0].url}/api/trades?limit=1000`);
        expect(body.count).to.equal(WRITES);
      });
    });
  }

  it("keeps accounts and sessions", async () => {
    const url = through("schema=accounts&pgbouncer=true");
    const app = await startHere({ ...PRODUCTION, DATABASE_URL: url });
    try {
      const schema = new URL(direct);
      schema.searchParams.set("options", "-c search_path=accounts");
      const person = await signUp(app.url, schema.toString());
      const cookie = await signIn(app.url, person.email);
      const { body } = await get<{ user: { email: string } }>(`${app.url}/api/auth/me`, { cookie });
      expect(body.user.email).to.equal(person.email);
    } finally {
      await app.stop();
    }
  });

  it("has the server's own limits on every statement, and fails a write whose statement failed", async () => {
    const database = openDatabase({ url: through("pgbouncer=true"), poolSize: 2, models: [] });
    try {
      const [limits] = await database.run<Record<string, string>>(
        {
          name: "limits",
          text: `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`,
        },
        [],
      );
      expect(limits).to.deep.equal({ statement: "15s", lock: "5s" });
      const failed = await database.run({ name: "fails", text: "SELECT 1 / $1::int" }, [0]).then(
        () => "it worked",
        (error: Error) => error.message,
      );
      expect(failed).to.equal("division by zero");
      const [row] = await database.run<{ one: number }>({ name: "works", text: "SELECT 1 AS one" }, []);
      expect(row?.one).to.equal(1);
    } finally {
      await database.close();
    }
  });

  it("leaves nothing set for whoever gets the connection next", async () => {
    const seen = await query<{ path: string }>(pooler.url, "SELECT current_setting('search_path') AS path");
    expect(seen[0]?.path).to.equal('"$user", public');
  });

  for (const parameters of ["", "schema=public"]) {
    it(`says in a sentence what to add where ?${parameters} does not tell of it`, async () => {
      const outcome = await startHere({ DATABASE_URL: through(parameters) }).then(
        async (app) => {
          // Its first statements may have had a connection each.
          const refusal = await eventually(async () => {
            const { status } = await post(`${app.url}/api/trades`, aTrade());
            return status >= 500 && "refused";
          });
          await app.stop();
          return refusal;
        },
        (error: Error) => error.message,
      );
      expect(outcome).to.include("add pgbouncer=true to it");
    });
  }
});
