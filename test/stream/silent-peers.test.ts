import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { get, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

/** Clients that hold a connection, answer nothing, and would be held for half a minute by the libraries' own limits. */
describe("the Socket.IO door, to clients that never connect and never answer", function () {
  this.timeout(20_000);
  let app: App;
  const sockets: Socket[] = [];

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await app.stop();
  });

  /** A WebSocket of bytes alone: it never sends a frame, so it never answers the one that closes it either. */
  async function openSilent(query: string): Promise<Socket> {
    const { hostname, port } = new URL(app.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    sockets.push(socket);
    socket.on("error", () => {});
    const head = [
      `GET /socket.io/?EIO=4&transport=websocket${query} HTTP/1.1`,
      "host: 127.0.0.1",
      "connection: upgrade",
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString("latin1")).to.match(/^HTTP\/1\.1 101/);
    socket.resume();
    return socket;
  }
  const polling = () => `${app.url}/socket.io/?EIO=4&transport=polling`;
  const handshake = async () => {
    const { body } = await get<string>(polling());
    return (JSON.parse(body.slice(1)) as { sid: string }).sid;
  };

  it("lets a WebSocket go that upgrades and is silent from then on", async () => {
    await once(await openSilent(""), "end");
  });

  it("lets a WebSocket go that begins to take a polling client's place and is silent from then on", async () => {
    await once(await openSilent(`&sid=${await handshake()}`), "end");
  });

  it("forgets a polling client that makes its handshake and is silent from then on", async () => {
    const sid = await handshake();
    // A pong says that it lives and fetches nothing.
    const isKnown = async () => (await send("POST", `${polling()}&sid=${sid}`, "3", TEXT)).status === 200;
    expect(await isKnown()).to.equal(true);
    await eventually(async () => !(await isKnown()));
  });
});

const TEXT = { "content-type": "text/plain" };
