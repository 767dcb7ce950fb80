/**
 * Prices under load: 100 symbols × 50 ticks a second in, 500 sockets out. What it costs, how late the event loop runs,
 * how old prices are when they arrive, and what a delivered price costs against a frame of its own for each tick.
 * Run: node --import tsx bench/market.ts [--seconds 10] [--rounds 3]
 */

import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { Server } from "socket.io";
import { WebSocket } from "ws";
import {
  type Child,
  freePort,
  nextMessage,
  startProgram,
  startScript,
  untilReady,
} from "./support/children.ts";
import { undoEverything, undoLater, undoOnSignals } from "./support/cleanup.ts";
import { cpuSeconds } from "./support/cpu.ts";
import { startPostgres } from "./support/postgres.ts";
import { startRedis } from "./support/redis.ts";
import { show } from "./support/report.ts";
import { median } from "./support/rounds.ts";

const SYMBOLS = 100;
const TICKS_A_SECOND = 50;
const SOCKETS = 500;
/** What a frame a tick can still deliver to so many sockets: the cost of one delivery does not depend on it. */
const NAIVE_TICKS_A_SECOND = 20;
const WARM_UP_MS = 3_000;
const SUBSCRIBE = '420["subscribe",{"channels":["prices"]}]';
const SELF = new URL(import.meta.url);
const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Counts {
  delivered: number;
  frames: number;
  /** Of the one client that reads everything: how old prices were, milliseconds. */
  ages: number[];
  mostFramesASecond: number;
  cutOff: number;
}

interface Measurement extends Counts {
  cpu: number;
}

async function main(): Promise<void> {
  const options = new Command("bench/market")
    .option("--seconds <n>", "seconds of each measurement", Number, 10)
    .option("--rounds <n>", "how often each server is measured", Number, 3)
    .parse()
    .opts<{ seconds: number; rounds: number }>();
  undoOnSignals();
  try {
    const product = await startProduct((options.seconds * options.rounds * 2 + 60) * 1000);
    const naive = await startNaive();
    const ratios: number[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      const ours = await measure(product, options.seconds);
      const loop = await eventLoopP99(product.port);
      const theirs = await measure(naive, options.seconds);
      const [cost, naiveCost] = [ours, theirs].map(({ cpu, delivered }) => (cpu / delivered) * 1e6) as [
        number,
        number,
      ];
      ratios.push(cost / naiveCost);
      const ages = ours.ages.sort((a, b) => a - b);
      console.log(
        [
          `round ${round}: ${show(ours.delivered / options.seconds)} prices/s to ${SOCKETS} sockets`,
          `CPU ${show((ours.cpu / options.seconds) * 100)} % of a core`,
          `event-loop delay p99 ${show(loop * 1000)} ms`,
          `age of a price on arrival p50 ${at(ages, 0.5)} ms, p99 ${at(ages, 0.99)} ms`,
          `at most ${ours.mostFramesASecond} frames in a second`,
          `${ours.cutOff} cut off`,
          `CPU s a million prices: ${show(cost)}, a frame a tick: ${show(naiveCost)}`,
        ].join("; "),
      );
    }
    console.log(`CPU of a delivered price ÷ that of a frame a tick, median: ${show(median(ratios))}`);
  } finally {
    await undoEverything();
  }
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

interface Measured {
  child: Child;
  port: number;
  isProduct: boolean;
}

async function measure({ child, port, isProduct }: Measured, seconds: number): Promise<Measurement> {
  const crowd = startScript("sockets", SELF, { ROLE: "sockets" });
  crowd.process.send({ port, subscribe: isProduct ? SUBSCRIBE : undefined });
  await nextMessage(crowd);
  await sleep(WARM_UP_MS);
  // The delay counts from one reading to the next.
  if (isProduct) await eventLoopP99(port);
  crowd.process.send("begin");
  const before = await cpuSeconds(child.pid);
  await sleep(seconds * 1000);
  crowd.process.send("end");
  const counts = (await nextMessage(crowd)) as Counts;
  const cpu = (await cpuSeconds(child.pid)) - before;
  await crowd.stop();
  if (counts.delivered === 0) throw new Error("no price has arrived");
  return { ...counts, cpu };
}

/** The product with a replay of made-up ticks as its feed, the whole way from a file to the sockets. */
async function startProduct(forMs: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "bench-market-"));
  undoLater(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "ticks.csv");
  await writeTicks(file, forMs);
  const postgres = await startPostgres();
  const port = await freePort();
  const child = startProgram("product", process.execPath, ["bin/run.mjs", "main"], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: await postgres.createDatabase("market"),
      REDIS_URL: await startRedis(),
      PRICE_FEED: `replay:${file}`,
      LOG_LEVEL: "warn",
    },
  });
  await untilReady(child, 60, async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
    if (status !== 200) throw new Error(`GET /readyz answered ${status}`);
  });
  return { child, port, isProduct: true };
}

async function writeTicks(file: string, forMs: number): Promise<void> {
  const out = createWriteStream(file);
  out.write("timestamp_ms,symbol,price,amount\n");
  const gap = 1000 / (SYMBOLS * TICKS_A_SECOND);
  const start = Date.now() - forMs;
  for (let index = 0; index * gap < forMs; index++) {
    const price = (100 + Math.sin(index / 997) + (index % 7) / 100).toFixed(2);
    const row = `${Math.floor(start + index * gap)},S${index % SYMBOLS},${price},0.${1 + (index % 9)}\n`;
    if (!out.write(row)) await new Promise<void>((resolve) => out.once("drain", () => resolve()));
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
}

async function startNaive(): Promise<Measured> {
  const port = await freePort();
  const child = startScript("a frame a tick", SELF, { ROLE: "naive", PORT: String(port) });
  await nextMessage(child);
  return { child, port, isProduct: false };
}

async function eventLoopP99(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1]);
}

/** What most people write: every tick goes out to everyone as it comes. */
function serveNaively(): void {
  const http = createServer();
  const io = new Server(http);
  let index = 0;
  setInterval(() => {
    const symbol = `S${++index % SYMBOLS}`;
    const price = 100 + (index % 7) / 100;
    io.emit("price", { symbol, price, volume: 0.5, as_of: new Date().toISOString(), source: "replay" });
  }, 1000 / NAIVE_TICKS_A_SECOND);
  http.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.("ready"));
}

/** The clients, in a process of their own; only the first parses what it gets. */
function countPrices({ port, subscribe }: { port: number; subscribe?: string }): void {
  const mark = Buffer.from('"symbol":');
  let ready = 0;
  let counts: Counts | undefined;
  let second = { number: 0, frames: 0 };
  const becameReady = () => {
    if (++ready === SOCKETS) process.send?.("ready");
  };
  const sample = (frame: string, into: Counts) => {
    const now = Date.now();
    for (const [, time] of frame.matchAll(/"as_of":"([^"]+)"/g)) into.ages.push(now - Date.parse(time ?? ""));
    const number = Math.floor(now / 1000);
    second = { number, frames: second.number === number ? second.frames + 1 : 1 };
    into.mostFramesASecond = Math.max(into.mostFramesASecond, second.frames);
  };
  for (let index = 0; index < SOCKETS; index++) {
    const url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    socket.on("error", (error) => process.stderr.write(`socket: ${error.message}\n`));
    socket.on("close", () => {
      if (counts !== undefined) counts.cutOff++;
    });
    socket.on("message", (data: Buffer) => {
      const kind = data.toString("latin1", 0, 2);
      if (kind.startsWith("0")) socket.send("40");
      else if (kind === "40") {
        if (subscribe === undefined) becameReady();
        else socket.send(subscribe);
      } else if (kind === "43") becameReady();
      else if (kind === "2") socket.send("3");
      else if (counts !== undefined) {
        counts.frames++;
        for (let found = data.indexOf(mark); found >= 0; found = data.indexOf(mark, found + mark.length)) {
          counts.delivered++;
        }
        if (index === 0) sample(data.toString(), counts);
      }
    });
  }
  process.on("message", (order) => {
    if (order === "begin") counts = { delivered: 0, frames: 0, ages: [], mostFramesASecond: 0, cutOff: 0 };
    else if (order === "end") {
      process.send?.(counts);
      counts = undefined;
    }
  });
}

if (process.env.ROLE === undefined) await main();
else {
  process.once("disconnect", () => process.exit());
  if (process.env.ROLE === "naive") serveNaively();
  else process.once("message", countPrices);
}
