import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect } from "chai";
import { createApp, finishApp } from "../../src/platform/http/app.ts";
import { readJson } from "../../src/platform/http/read-json.ts";
import { sendJson } from "../../src/platform/http/respond.ts";
import { createHttpServer } from "../../src/platform/http/server.ts";
import { createLogger } from "../../src/platform/logger.ts";

const HEAD = "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/** The service's own server with a pace that a test can wait for. */
describe("clients that send slowly on purpose", () => {
  let server: Server;
  let port: number;
  const trickles: NodeJS.Timeout[] = [];

  before(async () => {
    const app = createApp();
    server = createHttpServer(app, { headMs: 300, requestMs: 600, unreadMs: 600, checkEveryMs: 50 });
    app.post("/", async (request, response) => {
      sendJson(request, response, 200, JSON.stringify(await readJson(request, 1000)));
    });
    finishApp(app, createLogger("silent"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    server.close().closeAllConnections();
  });
  afterEach(() => {
    for (const trickle of trickles.splice(0)) clearInterval(trickle);
  });

  /** Sends `first`, then a little now and then for ever. @returns what came back before the connection ended. */
  async function send(first: string, again: string): Promise<string> {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => {});
    socket.write(first);
    if (again !== "") trickles.push(setInterval(() => socket.writable && socket.write(again), 20));
    await once(socket, "close");
    return answer;
  }

  it("lose their connection where they say nothing at all", async () => {
    expect(await send("", "")).to.match(/^HTTP\/1\.1 408 |^$/);
  });

  it("lose their connection where the head never ends", async () => {
    expect(await send(HEAD, "x-a: b\r\n")).to.match(/^HTTP\/1\.1 (408|431) /);
  });

  it("lose their connection where the body never ends", async () => {
    expect(await send(`${HEAD}content-length: 900\r\n\r\n{`, " ")).to.match(/^HTTP\/1\.1 408 /);
    expect(await send(`${HEAD}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n")).to.match(
      /^HTTP\/1\.1 (408|413) /,
    );
  });

  it("keep nobody else from being answered, many as they are", async () => {
    const slow = Array.from({ length: 200 }, () => send(HEAD, "x-a: b\r\n"));
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"quick":true}',
    });
    expect(await response.json()).to.deep.equal({ quick: true });
    await Promise.all(slow);
  });
});
