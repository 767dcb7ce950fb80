import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { errorList } from "../../src/contracts/admin.ts";
import { adminRoutes } from "../../src/operations/admin-routes.ts";
import { createErrorLog } from "../../src/operations/error-log.ts";
import { createApp, finishApp } from "../../src/platform/http/app.ts";
import { createHttpServer } from "../../src/platform/http/server.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { get, post } from "../support/http.ts";

describe("the admin's routes", () => {
  const servers: Server[] = [];
  const errorLog = createErrorLog({ playground: "test" });
  errorLog.record({ job: "news", message: "The feed fails." });

  async function start(clearCache = async () => 3): Promise<string> {
    const app = createApp();
    const server = createHttpServer(app);
    adminRoutes(app, { errorLog, status: async () => ({ postgres: "up" }), clearCache });
    finishApp(app, createLogger("silent"));
    servers.push(server.listen(0, "127.0.0.1"));
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/admin`;
  }
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  it("tell the errors, what is up, and how many cached answers were cleared", async () => {
    const api = await start();
    const errors = await get(`${api}/errors`);
    expect(errorList.parse(errors.body)).to.deep.include({ count: 1 });
    expect(errors.body.errors).to.deep.equal(await errorLog.read());
    expect((await get(`${api}/status`)).body).to.deep.equal({ postgres: "up" });
    expect((await post(`${api}/cache/clear`, {})).body).to.deep.equal({ success: true, cleared: 3 });
  });

  it("say that the cache cannot be reached", async () => {
    const api = await start(() => Promise.reject(new Error("redis://secret@away")));
    const { status, body } = await post(`${api}/cache/clear`, {});
    expect([status, body.code]).to.deep.equal([503, "unavailable"]);
    expect(JSON.stringify(body)).not.to.contain("secret");
  });
});
