import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";

// Below the ports that systems hand out for outgoing connections, so that a kept port stays free.
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** The port of earlier starts when nobody else has taken it meanwhile, else another free one. */
export async function choosePort(portFile: string): Promise<number> {
  const kept = Number(await readFile(portFile, "utf8").catch(() => ""));
  if (Number.isInteger(kept) && kept > 0 && kept < 65_536 && (await isFree(kept))) return kept;
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
}

export async function rememberPort(portFile: string, port: number): Promise<void> {
  await writeFile(portFile, `${port}\n`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts connections on this port of the loopback interface. */
export function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.setTimeout(2_000, () => answer(false));
  });
}
