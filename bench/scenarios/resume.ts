import pg from "pg";
import { io } from "socket.io-client";
import type { Plan } from "../support/plan.ts";
import { figureRow, type Row, ratioRow } from "../support/report.ts";
import { interleave } from "../support/rounds.ts";
import { seedTrades } from "../support/seed.ts";
import { productHome, type RunningServer, startProduct } from "../support/servers.ts";

const STORED = 12_000;
const MISSED = 10_000;
const GIVE_UP_MS = 30_000;

/**
 * A stock Socket.IO client comes back after 10,000 missed trades, against reading these rows with `pg`. Measured twice:
 * on the server that took the writes, and after its restart, when nothing of them is in its memory.
 */
export async function measureResume(plan: Plan): Promise<Row[]> {
  if (plan.yardsticksOnly) return [];
  const home = await productHome(plan.postgres, "resume", plan.profiles);
  const first = await startProduct(home);
  await seedTrades(first.port, STORED);
  const warm = await measureServer(first, plan.rounds);
  await first.stop();
  const second = await startProduct(home);
  const cold = await measureServer(second, plan.rounds);
  await second.stop();

  const goal = { atMost: 3 };
  return [
    ...figureRow(`reading ${MISSED} rows with pg`, "ms", warm.read),
    ...figureRow(`resuming over ${MISSED} trades`, "ms", warm.resumed),
    ...ratioRow("resuming ÷ reading", warm.resumed, warm.read, goal),
    ...figureRow("reading, after a restart", "ms", cold.read),
    ...figureRow("resuming, after a restart", "ms", cold.resumed),
    ...ratioRow("resuming ÷ reading, after a restart", cold.resumed, cold.read, goal),
  ];
}

async function measureServer(server: RunningServer, rounds: number) {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("vacuum analyze tape");
    const since = STORED - MISSED;
    const read = () => timeReading(client, since);
    const resumed = () => timeResuming(server.port, since);
    const figures = await interleave(rounds, [
      { name: "reading", measure: read },
      { name: "resuming", measure: resumed },
    ]);
    return { read: figures.get("reading"), resumed: figures.get("resuming") };
  } finally {
    await client.end();
  }
}

/** Milliseconds to read the missed rows on an open connection. */
async function timeReading(client: pg.Client, since: number): Promise<number> {
  const start = performance.now();
  const { rows } = await client.query("select seq, data from tape where seq > $1 order by seq", [since]);
  const took = performance.now() - start;
  if (rows.length !== MISSED) throw new Error(`${rows.length} rows on the tape after ${since}`);
  return took;
}

/** Milliseconds from opening the connection to `head`; every missed record must have come before it, in order. */
async function timeResuming(port: number, since: number): Promise<number> {
  const start = performance.now();
  const seqs: number[] = [];
  const auth = { channels: ["trades"], since };
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth,
  });
  try {
    const took = await new Promise<number>((resolve, reject) => {
      setTimeout(
        reject,
        GIVE_UP_MS,
        new Error(`no head within ${GIVE_UP_MS} ms, ${seqs.length} records`),
      ).unref();
      socket.on("trades", (records: Array<{ seq: number }>) => {
        for (const { seq } of records) seqs.push(seq);
      });
      socket.on("head", ({ seq }: { seq: number }) => {
        if (seq >= STORED) resolve(performance.now() - start);
      });
      socket.on("reset", (reset) => reject(new Error(`reset: ${JSON.stringify(reset)}`)));
      socket.on("connect_error", reject);
      socket.on("disconnect", (reason) => reject(new Error(`disconnected: ${reason}`)));
    });
    const complete = seqs.length === MISSED && seqs.every((seq, index) => seq === since + 1 + index);
    if (!complete)
      throw new Error(`${seqs.length} records from ${seqs[0]} to ${seqs.at(-1)} came before head`);
    return took;
  } finally {
    socket.disconnect();
  }
}
