import { checkedRows, type RowListener } from "./check-rows.ts";
import { inTimeOrder } from "./in-time-order.ts";
import { passRows } from "./pass-rows.ts";
import type { Progress } from "./progress.ts";
import type { Report } from "./report.ts";
import type { Sink } from "./sinks/sink.ts";
import type { Source } from "./source.ts";

export interface PassOptions {
  which?: "all" | "newcomers";
  /** Who hears of what is refused or left behind; the report by default. */
  listener?: RowListener;
  progress?: Progress | undefined;
}

/** One way through a source: read → checked → in time order → taken by the sink → counted in the report. */
export async function passThrough(
  source: Source,
  sink: Sink,
  report: Report,
  { which = "all", listener = report, progress }: PassOptions = {},
): Promise<void> {
  let read = 0;
  let isRead = false;
  let done = 0;
  const counted = async function* () {
    for await (const row of checkedRows(source, which, listener)) {
      read++;
      yield row;
    }
    isRead = true;
  };
  const rows = source.inTimeOrder === true ? counted() : inTimeOrder(counted());
  await passRows(rows, sink, (batch, outcomes) => {
    for (const [index, row] of batch.entries()) report.done(row, outcomes[index] ?? "new");
    done += batch.length;
    progress?.update(isRead ? done / read : source.share(), done);
  });
  source.onTaken?.();
}
