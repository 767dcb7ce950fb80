import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createApp, finishApp } from "../../src/platform/http/app.ts";
import { createHttpServer } from "../../src/platform/http/server.ts";
import { createLogger } from "../../src/platform/logger.ts";

/** More than the kernel keeps for both ends together. */
const ANSWER_BYTES = 24 * 1024 * 1024;

/** The service's own server with a pace that a test can wait for. */
describe("clients that read slowly on purpose", () => {
  let server: Server;
  let port: number;
  const sockets: Socket[] = [];
  let closed: Promise<unknown>;

  before(async () => {
    const app = createApp();
    const pace = { headMs: 10_000, requestMs: 10_000, unreadMs: 500, checkEveryMs: 50 };
    server = createHttpServer(app, pace);
    app.get("/", (_request, response) => {
      closed = once(response, "close");
      response.end(Buffer.alloc(ANSWER_BYTES));
    });
    finishApp(app, createLogger("silent"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close().closeAllConnections();
  });

  async function ask(): Promise<Socket> {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    await once(socket, "readable");
    return socket;
  }

  it("lose their connection where they read nothing of an answer any more", async () => {
    await ask();
    await closed;
  });

  it("get all of it where they go on reading, however slow that is", async () => {
    const socket = await ask();
    let received = 0;
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      await sleep(5);
    }
    expect(received).to.be.greaterThan(ANSWER_BYTES);
  });
});
