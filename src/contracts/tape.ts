import { queryNumber, sequence } from "./common.ts";
import { z } from "./zod.ts";

export const TAPE_KINDS = ["trade", "trade_close", "portfolio", "sentiment"] as const;
export type TapeKind = (typeof TAPE_KINDS)[number];

/** One entry of the tape. `body` is the record's JSON text without its seq. */
export interface TapeEntry {
  seq: number;
  kind: TapeKind;
  model: string | null;
  symbol: string | null;
  /** Time of the commit's batch, ISO 8601 UTC. */
  at: string;
  body: string;
}

export const tapeQuery = z.strictObject({
  since: queryNumber(0, Number.MAX_SAFE_INTEGER, 0),
  limit: queryNumber(1, 10_000, 1000),
  channels: z.string().max(10_000).optional().openapi({ description: "durable channels, comma separated" }),
});

export const tapePage = z
  .object({
    events: z.array(
      z.object({
        seq: sequence,
        kind: z.enum(TAPE_KINDS),
        at: z.string(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    next_since: sequence,
    head: sequence,
    oldest: sequence.openapi({ description: "the oldest seq that is kept" }),
    epoch: z.string(),
  })
  .openapi("TapePage");
