import type { TapeKind } from "../contracts/tape.ts";

/** Which entries of the tape a reader wants; an entry matches when any of the three lists names it. */
export interface TapeSelection {
  kinds: TapeKind[];
  models: { kind: TapeKind; model: string }[];
  symbols: { kind: TapeKind; symbol: string }[];
}
