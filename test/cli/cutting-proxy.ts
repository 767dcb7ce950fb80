import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that breaks off after so many bytes of its answers, as a server does that dies in the middle. */
export async function cuttingProxy(target: string): Promise<{
  /** The target's URL by way of the proxy. */
  url: string;
  /** Bytes of answers of each connection that come through; unlimited at first. */
  limit: number;
  stop(): void;
}> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let left = proxy.limit;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (bytes) => {
      client.write(bytes.subarray(0, Math.max(0, left)));
      left -= bytes.length;
      if (left <= 0) client.destroySoon();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = new URL(target);
  own.hostname = "127.0.0.1";
  own.port = String((server.address() as { port: number }).port);
  const proxy = {
    url: own.toString(),
    limit: Number.POSITIVE_INFINITY,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return proxy;
}
