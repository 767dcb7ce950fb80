import { once } from "node:events";
import { connect } from "node:net";
import { freePort, startProgram, untilReady } from "./children.ts";

/** Starts a `redis-server` that keeps nothing on disk, for one scenario alone; returns its URL. */
export async function startRedis(): Promise<string> {
  const port = await freePort();
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = startProgram("redis-server", "redis-server", settings);
  await untilReady(server, 10, async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  });
  return `redis://127.0.0.1:${port}`;
}
