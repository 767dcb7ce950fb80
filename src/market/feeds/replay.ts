import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "csv-parse";
import { isSymbol } from "../../contracts/common.ts";
import { type Feed, type FeedContext, REPLAY, type Tick } from "./feed.ts";

const COLUMNS = ["timestamp_ms", "symbol", "price", "amount"] as const;
/** A row that is ahead of both its neighbours by more than this has a wrong time. */
const AHEAD_MS = 5_000;
/** Rows that are due together are handed over together, up to so many. */
const BATCH = 500;

/**
 * Plays a CSV file of trades with the columns `timestamp_ms,symbol,price,amount`, in time order, of any size: it is
 * streamed. The rows come as far apart as in the file, `speed` times as fast, whatever SYMBOLS says.
 *
 * Candles keep the file's own times, so that they are the very ones that are computed from the file, at any speed; a
 * shift to now would cut them at other minutes. The newest price counts as current when it is played: `as_of` is then.
 * After a restart or a takeover it goes on behind the last known row.
 *
 * Another layout is brought into this one with a line of awk, here the one of `ccxt`'s downloaded trades:
 * `awk -F, -v OFS=, 'NR==1{print "timestamp_ms,symbol,price,amount";next}{print $2,"ETH",$6,$7}' trades.csv`
 */
export function replayFeed(file: string, speed: number): Feed {
  return {
    name: REPLAY,
    async check() {
      const problem = await firstProblem(file, speed);
      if (problem !== undefined) throw new Error(`The setting PRICE_FEED cannot be used: ${problem}.`);
    },
    run: (context) => play(file, speed, context),
  };
}

async function play(file: string, speed: number, context: FeedContext): Promise<void> {
  const { signal, emit, drop } = context;
  // Where an earlier run stopped: what comes up to here in the file was played then.
  const playedUpTo = new Map<string, number>();
  const wasPlayed = ({ symbol, tradedAt }: Tick) => {
    if (!playedUpTo.has(symbol)) playedUpTo.set(symbol, context.lastKnown(symbol)?.tradedAt ?? 0);
    return tradedAt <= (playedUpTo.get(symbol) ?? 0);
  };
  let due: Tick[] = [];
  let start: { wall: number; file: number } | undefined;
  const flush = () => {
    const asOf = Date.now();
    if (due.length > 0) emit(due.map((tick) => ({ ...tick, asOf })));
    due = [];
  };
  const playRow = async (tick: Tick) => {
    start ??= { wall: performance.now(), file: tick.tradedAt };
    const wait = start.wall + (tick.tradedAt - start.file) / speed - performance.now();
    if (wait > 0) {
      flush();
      await wakeAfter(wait, signal);
    } else if (due.length >= BATCH) flush();
    due.push(tick);
  };

  let held: Tick | undefined;
  let playedAt = Number.NEGATIVE_INFINITY;
  for await (const tick of readTicks(file, signal)) {
    if (signal.aborted) return;
    if (tick === undefined) drop("malformed");
    else if (!wasPlayed(tick)) {
      // To wait for a time that is wrong would hold up, and make late, all that follows.
      if (held !== undefined && held.tradedAt > Math.max(tick.tradedAt, playedAt) + AHEAD_MS) drop("future");
      else if (held !== undefined) {
        playedAt = Math.max(playedAt, held.tradedAt);
        await playRow(held);
      }
      held = tick;
    }
  }
  if (held !== undefined && !signal.aborted) await playRow(held);
  flush();
}

/** The file's rows; undefined for one that cannot be read. */
async function* readTicks(file: string, signal?: AbortSignal): AsyncGenerator<Tick | undefined> {
  const source = createReadStream(file, { signal });
  const rows = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  // `pipe` does not hand on what goes wrong with the file.
  source.on("error", (error) => rows.destroy(error));
  source.pipe(rows);
  let order: number[] | undefined;
  try {
    for await (const row of rows as AsyncIterable<string[]>) {
      if (order === undefined) {
        order = orderOf(row);
        if (order === undefined) throw new Error(wrongHeader(file));
        if (isHeader(row)) continue;
      }
      yield tickOf(order.map((index) => row[index] ?? ""));
    }
  } finally {
    source.destroy();
  }
}

function tickOf([time = "", name = "", price = "", amount = ""]: string[]): Tick | undefined {
  const symbol = name.toUpperCase();
  if (!/^\d{1,16}$/.test(time) || !isSymbol(name)) return undefined;
  return {
    symbol,
    price: plain(price),
    volume: amount === "" ? null : plain(amount),
    tradedAt: Number(time),
  };
}

/** Some programs write 1e-05. */
function plain(text: string): string | number {
  return /e/i.test(text) ? Number(text) : text;
}

/** In which column each of ours is; without a header they are in our order. */
function orderOf(firstRow: string[]): number[] | undefined {
  if (!isHeader(firstRow)) return firstRow.length >= COLUMNS.length ? [0, 1, 2, 3] : undefined;
  const order = COLUMNS.map((column) => firstRow.indexOf(column));
  return order.includes(-1) ? undefined : order;
}

function isHeader(row: string[]): boolean {
  return !/^\d+$/.test(row[0] ?? "");
}

function wrongHeader(file: string): string {
  return `${file} does not begin with the columns ${COLUMNS.join(",")}`;
}

async function firstProblem(file: string, speed: number): Promise<string | undefined> {
  if (!(speed > 0)) return "the replay's speed must be more than 0";
  try {
    for await (const _ of readTicks(file)) return undefined;
    return `${file} has no rows`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Waits for so many milliseconds or the signal; timers alone end after 24.8 days. */
async function wakeAfter(milliseconds: number, signal: AbortSignal): Promise<void> {
  for (let left = milliseconds; left > 0 && !signal.aborted; left -= 2 ** 30) {
    await sleep(Math.min(left, 2 ** 30), undefined, { signal }).catch(() => {});
  }
}
