import { expect } from "chai";
import { ConfigError, loadConfig } from "../../src/config.ts";
import { get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { me, PRODUCTION, signUp } from "./people.ts";

describe("the settings of accounts", () => {
  const failure = async (environment: Record<string, string>): Promise<string> => {
    try {
      const app = await startHere({ DATABASE_URL: "postgres://nowhere.invalid/x", ...environment });
      await app.stop();
      return "started";
    } catch (error) {
      return error instanceof ConfigError ? error.message : `another error: ${String(error)}`;
    }
  };

  it("stop a production that lacks one, with a sentence that names it", async () => {
    for (const name of ["SESSION_SECRET", "ADMIN_EMAIL", "ADMIN_PASSWORD"]) {
      expect(await failure({ ...PRODUCTION, [name]: "" }), name).to.include(`The setting ${name} is missing`);
    }
    expect(await failure({ NODE_ENV: "production" })).to.include("SESSION_SECRET");
  });

  it("stop the start where one cannot be used, and never say what it was", () => {
    const bad: Record<string, string[]> = {
      SESSION_SECRET: ["only thirty-one characters long.."].map((text) => text.slice(0, 31)),
      ADMIN_EMAIL: ["nobody"],
      ADMIN_PASSWORD: ["too short"],
      ALLOWED_ORIGINS: ["board.example", "https://board.example/", "https://board.example/path", "*"],
      TRUST_PROXY: ["true", "-1", "10.0.0.0/99", "somewhere"],
      READ_AUTH: ["yes"],
      RATE_LIMIT_WRITES_PER_MINUTE: ["-1", "many"],
    };
    for (const [name, values] of Object.entries(bad)) {
      for (const value of values) {
        const load = () => loadConfig({ ...PRODUCTION, [name]: value }, "/");
        expect(load, `${name}=${value}`).to.throw(ConfigError, `The setting ${name} cannot be used`);
        if (/SECRET|PASSWORD/.test(name)) expect(load).to.throw().with.property("message").not.include(value);
      }
    }
    expect(() => loadConfig({ READ_AUTH: "required" }, "/")).to.throw(ConfigError, "AUTH=required");
  });

  it("are read as they are meant", () => {
    const { allowedOrigins, trustProxy, admin, readAuth } = loadConfig(
      {
        ...PRODUCTION,
        ALLOWED_ORIGINS: "https://a.example, http://b.example:81",
        TRUST_PROXY: "loopback,10.0.0.0/8",
      },
      "/",
    );
    expect(allowedOrigins).to.deep.equal(["https://a.example", "http://b.example:81"]);
    expect(trustProxy).to.deep.equal(["loopback", "10.0.0.0/8"]);
    expect([admin?.email, readAuth]).to.deep.equal([PRODUCTION.ADMIN_EMAIL, "open"]);
    expect(loadConfig({ TRUST_PROXY: "2" }, "/").trustProxy).to.equal(2);
    expect(loadConfig({}, "/").trustProxy).to.equal(false);
  });

  it("let instances of one database share sessions without a SESSION_SECRET, outside production", async () => {
    const databaseUrl = await newDatabase();
    const [one, two] = await Promise.all([
      startHere({ DATABASE_URL: databaseUrl }),
      startHere({ DATABASE_URL: databaseUrl }),
    ]);
    const { cookie } = await signUp(one.url, databaseUrl);
    expect((await me(two.url, { cookie })).status).to.equal(200);
    const other = await startHere({
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: PRODUCTION.SESSION_SECRET as string,
    });
    expect((await me(other.url, { cookie })).status).to.equal(401);
    await Promise.all([one.stop(), two.stop(), other.stop()]);
  });

  it("believe X-Forwarded-For of nobody who is not trusted", async () => {
    const databaseUrl = await newDatabase();
    const app = await startHere({ DATABASE_URL: databaseUrl, RATE_LIMIT_WRITES_PER_MINUTE: "1" });
    const write = (address: string) =>
      post(`${app.url}/api/sentiment`, { text: "up" }, { "x-forwarded-for": address });
    expect((await write("203.0.113.1")).status).to.equal(200);
    expect((await write("203.0.113.2")).status).to.equal(429);
    expect((await get(`${app.url}/api/trades`)).status).to.equal(200);
    await app.stop();
  });
});
