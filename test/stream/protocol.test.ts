import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import type { App } from "../../src/app.ts";
import { get, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

/** Clients that do not keep to Engine.IO's and Socket.IO's protocols. */
describe("the Socket.IO door, to clients that break the protocol", () => {
  let app: App;
  let polling: string;
  const sockets: WebSocket[] = [];

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    polling = `${app.url}/socket.io/?EIO=4&transport=polling`;
  });
  after(() => app.stop());
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    expect((await get(`${app.url}/readyz`)).status).to.equal(200);
  });

  async function connect(query = "EIO=4&transport=websocket"): Promise<WebSocket> {
    const socket = new WebSocket(`${app.url.replace("http", "ws")}/socket.io/?${query}`);
    socket.on("error", () => {});
    sockets.push(socket);
    await once(socket, "open");
    return socket;
  }
  const closed = (socket: WebSocket) =>
    socket.readyState === WebSocket.CLOSED ? Promise.resolve() : once(socket, "close");
  const sidOf = async () => {
    const { body } = await get<string>(polling);
    return (JSON.parse(body.slice(1)) as { sid: string }).sid;
  };

  it("refuses unknown transports, versions, sessions and methods with 400", async () => {
    const bad = [
      ["GET", "EIO=4&transport=carrier-pigeon"],
      ["GET", "EIO=3&transport=polling"],
      ["GET", "EIO=4&transport=polling&sid=nobody"],
      ["POST", "EIO=4&transport=polling"],
      ["GET", "EIO=4&transport=websocket"],
      ["GET", ""],
    ] as const;
    for (const [method, query] of bad) {
      const body = method === "POST" ? "4" : undefined;
      const { status } = await send(method, `${app.url}/socket.io/?${query}`, body);
      expect(status, `${method} ${query}`).to.equal(400);
    }
  });

  it("ends a polling connection that sends too much, or what is no packet", async () => {
    for (const body of ["x".repeat(70_000), "9", "", "\x1e\x1e"]) {
      const sid = await sidOf();
      const posted = await send("POST", `${polling}&sid=${sid}`, body, { "content-type": "text/plain" });
      expect(posted.status).to.be.lessThan(500);
    }
  });

  it("closes a WebSocket that sends a frame over 64 kB", async () => {
    const socket = await connect();
    socket.send("40");
    socket.send(`42["subscribe",{"channels":["${"x".repeat(70_000)}"]}]`);
    await closed(socket);
  });

  it("closes a WebSocket on packets that are none, and on binary parts that nobody announced", async () => {
    for (const packet of [
      "garbage",
      "49",
      "4",
      '42["subscribe"',
      "450-[]",
      '451-["subscribe"',
      Buffer.from([1]),
    ]) {
      const socket = await connect();
      socket.send("40");
      socket.send(packet);
      await closed(socket);
    }
  });

  it("closes a WebSocket that never finishes a binary packet and goes on with another", async () => {
    const socket = await connect();
    socket.send("40");
    socket.send('451-["subscribe",{"_placeholder":true,"num":0}]');
    socket.send('42["subscribe",{"channels":["trades"]}]');
    await closed(socket);
  });

  it("refuses other namespaces, and closes who says something before connecting", async () => {
    const other = await connect();
    const answers: string[] = [];
    other.on("message", (data) => answers.push(String(data)));
    other.send("40/admin,");
    while (!answers.some((answer) => answer.startsWith("44/admin,"))) await once(other, "message");
    const early = await connect();
    early.send('42["subscribe",{"channels":["trades"]}]');
    await closed(early);
  });

  it("closes who holds a connection and never connects to the namespace", async function () {
    this.timeout(20_000);
    await closed(await connect());
  });

  it("takes one session for one connection: a second upgrade of it is closed", async () => {
    const sid = await sidOf();
    const first = await connect(`EIO=4&transport=websocket&sid=${sid}`);
    first.send("2probe");
    await once(first, "message");
    const second = await connect(`EIO=4&transport=websocket&sid=${sid}`).catch(() => undefined);
    if (second !== undefined) await closed(second);
  });
});
