import { setTimeout as sleep } from "node:timers/promises";
import type { RefusedRow, RowListener } from "./check-rows.ts";
import { passThrough } from "./pass.ts";
import { printable } from "./printable.ts";
import type { Report } from "./report.ts";
import type { Sink } from "./sinks/sink.ts";
import { ImportError, type Source } from "./source.ts";

/** How a source is followed. */
export interface FollowOptions {
  /** Milliseconds from one look at the source to the next. */
  everyMs: number;
  /** Milliseconds without anything new after which it is over; absent: only the signal ends it. */
  idleMs?: number | undefined;
  signal: AbortSignal;
  /** Gets one sentence a line. */
  log: (line: string) => void;
}

const MAX_FAILURES = 10;

/**
 * Keeps taking what is new in a source until it is told to end, or nothing has come for long enough: then the bots have
 * been pointed over. A source that is away for a moment is looked at again.
 * @throws ImportError where the source stays away for ten looks.
 */
export async function follow(
  source: Source,
  sink: Sink,
  report: Report,
  { everyMs, idleMs, signal, log }: FollowOptions,
): Promise<void> {
  // Whoever complains, the check or the sink, does it here.
  const loud: Report = {
    ...report,
    refuse(row) {
      report.refuse(row);
      log(`Refused: ${printable(`${source.unit} ${row.place}: ${row.reason}`)}`);
    },
  };
  const listener = onceEach(loud);
  let failures = 0;
  let newestAt = performance.now();
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    const before = report.tally.new;
    try {
      if (!signal.aborted) await passThrough(source, sink, loud, { which: "newcomers", listener });
      failures = 0;
    } catch (error) {
      if (!(error instanceof ImportError) || ++failures >= MAX_FAILURES) throw error;
      if (failures === 1) log(`${error.message} Looking again.`);
    }
    const taken = report.tally.new - before;
    if (taken > 0) {
      log(`${taken} new, ${report.tally.new} in all`);
      newestAt = performance.now();
    } else if (failures === 0 && idleMs !== undefined && performance.now() - newestAt >= idleMs) {
      log(`Nothing new for ${Math.round(idleMs / 1000)} s: this is the end.`);
      return;
    }
  }
}

/** The same complaint about the same record is heard once, however often its row is read. */
function onceEach(report: Report): RowListener {
  const key = ({ id, reason }: RefusedRow) => `${id ?? ""} ${reason}`;
  const heard = new Set(report.tally.shown.map(key));
  return {
    refuse(row) {
      if (heard.has(key(row))) return;
      heard.add(key(row));
      report.refuse(row);
    },
    leave: () => {},
  };
}
