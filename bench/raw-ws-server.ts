/**
 * The yardstick of fan-out: a bare `ws` server that sends each trade to every client in a frame of its own, as fast as
 * it can for as long as it is told to. No HTTP, no database, no protocol above the frame. Setting: PORT.
 */
import { WebSocketServer } from "ws";
import { sampleRecord } from "./support/trades.ts";

/** Above this many unsent bytes to one client the server waits: it measures sending, not memory. */
const BACKLOG_LIMIT = 256 * 1024;
const LOOK_EVERY = 16;

const server = new WebSocketServer({
  port: Number(process.env.PORT),
  host: "127.0.0.1",
  perMessageDeflate: false,
});
let seq = 0;

function broadcast(): void {
  seq += 1;
  const frame = Buffer.from(JSON.stringify(sampleRecord(seq)));
  for (const client of server.clients) client.send(frame, { binary: false });
}

function broadcastUntil(deadline: number, sentBefore: number): void {
  if (Date.now() >= deadline) {
    process.send?.({ sent: seq - sentBefore });
    return;
  }
  broadcast();
  const look = seq % LOOK_EVERY === 0;
  const behind = look && [...server.clients].some((client) => client.bufferedAmount > BACKLOG_LIMIT);
  // A timer and not a spin: waiting for slow readers must not count as the server's CPU time.
  if (behind) setTimeout(broadcastUntil, 2, deadline, sentBefore);
  else setImmediate(broadcastUntil, deadline, sentBefore);
}

process.on("message", ({ seconds }: { seconds: number }) => broadcastUntil(Date.now() + seconds * 1000, seq));
process.once("disconnect", () => process.exit());
server.once("listening", () => process.send?.("ready"));
