import { setTimeout as sleep } from "node:timers/promises";
import { type PlaygroundApi, RefusedError } from "../../bots/index.ts";
import type { CheckedRow } from "../import/check-rows.ts";
import type { Place } from "../import/source.ts";

/** Longer pauses of the season are cut to this, seconds of real time. */
export const LONGEST_PAUSE_SECONDS = 30;

export interface Played {
  /** Recorded now. */
  new: number;
  /** There before. */
  repeated: number;
  refused: { place: Place; reason: string }[];
}

/**
 * Posts the trades one after the other, as far apart as their own times are divided by `speed`. A trade that the
 * playground has already takes no time, so an interrupted replay goes on where it stopped.
 * @param speed 600: ten minutes of the season a second
 * @param onTrade is told how many were played.
 * @throws where the playground cannot be reached.
 */
export async function playTrades(
  rows: AsyncIterable<CheckedRow>,
  api: PlaygroundApi,
  speed: number,
  onTrade: (played: number) => void,
): Promise<Played> {
  const played: Played = { new: 0, repeated: 0, refused: [] };
  let before: number | undefined;
  let dueAt = performance.now();
  for await (const { place, kind, record: trade } of rows) {
    if (kind !== "trade") continue;
    const time = trade.timestamp === undefined ? before : Date.parse(trade.timestamp);
    const pause = Math.max(0, ((time ?? 0) - (before ?? time ?? 0)) / speed);
    dueAt += Math.min(pause, LONGEST_PAUSE_SECONDS * 1000);
    await sleep(Math.max(0, dueAt - performance.now()));
    before = time;
    try {
      const { status } = await api.send("POST", "/api/trades", trade);
      if (status === 201) played.new++;
      else {
        played.repeated++;
        dueAt = performance.now();
        before = undefined;
      }
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status === 401 || error.status === 403) throw error;
      played.refused.push({ place, reason: error.message });
    }
    onTrade(played.new + played.repeated + played.refused.length);
  }
  return played;
}
