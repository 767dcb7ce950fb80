import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { buildOpenApi } from "../../src/contracts/openapi/index.ts";
import { get, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

/** Routes for people with a browser, which the contract for programs leaves out. */
const PAGES = new Set(
  ["", "live", "leaderboard", "portfolio", "market", "news", "login", "account", "reset"].map(
    (page) => `GET /${page}`,
  ),
);

describe("the OpenAPI document", () => {
  let app: App;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
  });
  after(() => app.stop());

  const documented = () =>
    Object.entries(buildOpenApi().paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );

  it("names exactly the routes that the service has", () => {
    const routes = app.routes().filter((route) => !PAGES.has(route));
    expect(documented()).to.have.members(routes);
    expect(routes.length).to.be.greaterThan(15);
  });

  it("is what the service serves, with a page to try it", async () => {
    const { status, body } = await get(`${app.url}/openapi.json`);
    expect([status, body]).to.deep.equal([200, JSON.parse(JSON.stringify(buildOpenApi()))]);
    const docs = await fetch(`${app.url}/docs/`);
    expect([docs.status, await docs.text()].join(" ")).to.include("swagger-ui");
    const asyncApi = await fetch(`${app.url}/asyncapi.yaml`);
    expect(await asyncApi.text()).to.match(/^asyncapi: /m);
  });

  it("names a status for what each documented write answers to nonsense", async () => {
    for (const [path, methods] of Object.entries(buildOpenApi().paths ?? {})) {
      for (const [method, operation] of Object.entries(methods)) {
        if (method === "get") continue;
        const url = `${app.url}${path.replace("{id}", "nobody")}`;
        const { status } = await send(method.toUpperCase(), url, { nonsense: true });
        expect(Object.keys((operation as { responses: object }).responses), `${method} ${path}`).to.include(
          String(status),
        );
      }
    }
  });
});
