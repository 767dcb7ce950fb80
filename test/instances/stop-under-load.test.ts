import { once } from "node:events";
import { connect, type Socket as TcpSocket } from "node:net";
import { expect } from "chai";
import { WebSocket } from "ws";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { type Subscriber, subscribeTo } from "../support/subscriber.ts";

const STOPS = 4;
const WRITERS = 8;
const NOTE = "n".repeat(2000);
const TRADES_A_WRITE = 40;
/** More than the kernel keeps for a client that does not read, so that the rest waits in the service. */
const TRADES_BEFORE_STOP = 4_000;

describe("a planned stop with every kind of client connected, under load", () => {
  let database: string;
  const open: { close(): void }[] = [];

  before(async () => {
    database = await newDatabase();
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });

  const closeLater = <Client>(client: Client, close: () => void): Client => {
    open.push({ close });
    return client;
  };

  function follow(instance: Instance, transport: "websocket" | "polling"): Subscriber {
    const subscriber = subscribeTo(instance.url, ["trades"], { transports: [transport] });
    subscriber.socket.io.reconnection(false);
    return closeLater(subscriber, () => subscriber.close());
  }

  /** A connection that is only its bytes, so that it can stop reading, and answers nothing. */
  function openRaw(instance: Instance, path: string, headers: string[] = []): TcpSocket {
    const socket = connect(Number(new URL(instance.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write([`GET ${path} HTTP/1.1`, "host: 127.0.0.1", ...headers, "", ""].join("\r\n"));
    return closeLater(socket, () => socket.destroy());
  }

  async function openStreamReader(instance: Instance): Promise<() => string> {
    const socket = openRaw(instance, "/api/stream?channels=trades");
    let text = "";
    // The newest stretch is enough to find the goodbye in.
    socket.on("data", (chunk) => {
      text = (text + chunk.toString("latin1")).slice(-10_000);
    });
    await eventually(async () => text.includes("retry:"));
    return () => text;
  }

  /** Its headers are read, and then nothing any more. */
  async function openDeafReader(instance: Instance): Promise<void> {
    const socket = openRaw(instance, "/api/stream?channels=trades");
    await once(socket, "data");
    socket.pause();
  }

  /** A WebSocket whose peer has gone without a word: it reads nothing and answers no close frame. */
  async function openHalfOpen(instance: Instance, ...packets: [string, string][]): Promise<void> {
    const url = `${instance.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
    const socket = closeLater(new WebSocket(url), () => socket.terminate());
    socket.on("error", () => {});
    await once(socket, "open");
    const answers: string[] = [];
    socket.on("message", (data) => answers.push(String(data).slice(0, 2)));
    for (const [packet, answer] of packets) {
      socket.send(packet);
      await eventually(async () => answers.includes(answer));
    }
    (socket as unknown as { _socket: TcpSocket })._socket.pause();
  }

  /** Writes until the service is gone. @returns the ids that it acknowledged. */
  async function write(instance: Instance, name: string, acknowledged: Set<string>): Promise<void> {
    for (let turn = 0; ; turn++) {
      const ids = Array.from({ length: TRADES_A_WRITE }, (_, index) => `${name}-${turn}-${index}`);
      const trades = ids.map((id) => aTrade({ id, note: NOTE }));
      const status = await post(`${instance.url}/api/trades/bulk`, { trades }).then(
        (answer) => answer.status,
        () => undefined,
      );
      if (status === undefined) return;
      if (status === 201) for (const id of ids) acknowledged.add(id);
    }
  }

  it("ends with 0 every time, says goodbye, and has every acknowledged write in the table", async () => {
    const acknowledged = new Set<string>();
    for (let stop = 1; stop <= STOPS; stop++) {
      const instance = await startInstance({ DATABASE_URL: database });
      const goodbyes = (["websocket", "polling"] as const).map((transport) => {
        const { socket } = follow(instance, transport);
        return new Promise<unknown>((resolve) => socket.once("shutdown", resolve));
      });
      const streamed = await openStreamReader(instance);
      await openHalfOpen(instance);
      await openHalfOpen(instance, ["40", "40"], ['420["subscribe",{"channels":["trades"]}]', "43"]);
      await get(`${instance.url}/socket.io/?EIO=4&transport=polling`);
      const { head } = (await get<{ head: number }>(`${instance.url}/api/tape?limit=1`)).body;
      const writers = Array.from({ length: WRITERS }, (_, index) =>
        write(instance, `stop-${stop}-${index}`, acknowledged),
      );
      // One after the other, so that at any moment one of them is full and has not been cut off yet.
      for (let part = 1; part <= 8; part++) {
        await openDeafReader(instance);
        await eventually(async () => {
          const now = (await get<{ head: number }>(`${instance.url}/api/tape?limit=1`)).body.head;
          return now - head >= (TRADES_BEFORE_STOP / 8) * part;
        });
      }
      const code = await instance.stop();
      expect(instance.output(), `stop ${stop}`).to.not.match(/ERR_|Error/);
      expect(code, `stop ${stop}`).to.equal(0);
      await Promise.all([...goodbyes, ...writers]);
      await eventually(async () => streamed().includes("event: shutdown"));
      for (const client of open.splice(0)) client.close();
    }
    expect(acknowledged.size).to.be.at.least(STOPS * TRADES_BEFORE_STOP);
    const rows = await query<{ id: string }>(database, "SELECT id FROM trades");
    const stored = new Set(rows.map(({ id }) => id));
    expect([...acknowledged].filter((id) => !stored.has(id))).to.deep.equal([]);
  });
});
