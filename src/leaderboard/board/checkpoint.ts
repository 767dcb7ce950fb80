import { setImmediate as breathe } from "node:timers/promises";
import { z } from "zod";
import type { Database, Statement } from "../../platform/postgres/database.ts";
import type { ScoreState } from "../score/model-score.ts";
import type { BoardState } from "./scoreboard.ts";

/** Another number where the meaning of what is saved changes: what was saved before is then not read. */
const FORMAT = 3;
/** How many scores become text in one go. */
const SCORES_A_TURN = 20;

// Only what belongs to this tape, is not ahead of it, and can be gone on from with what the tape still has.
const LOAD: Statement = {
  name: "load-scoreboard",
  text: `SELECT c.epoch, c.as_of_seq, c.state::text AS state
    FROM scoreboard_checkpoints c JOIN tape_head h ON h.id = 1
    WHERE c.epoch = h.epoch AND c.as_of_seq <= h.seq AND h.oldest <= c.as_of_seq + 1`,
};
const SAVE: Statement = {
  name: "save-scoreboard",
  text: `INSERT INTO scoreboard_checkpoints AS c (id, epoch, as_of_seq, saved_at, state)
    SELECT 1, $1::text, $2::bigint, now(), $3::json FROM tape_head h
    WHERE h.id = 1 AND h.epoch = $1::text AND h.seq >= $2::bigint
    ON CONFLICT (id) DO UPDATE
    SET epoch = excluded.epoch, as_of_seq = excluded.as_of_seq, saved_at = excluded.saved_at, state = excluded.state
    WHERE c.epoch <> excluded.epoch OR c.as_of_seq < excluded.as_of_seq
      OR c.as_of_seq > (SELECT seq FROM tape_head WHERE id = 1)`,
};

const whole = z.int();
const big = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);
const place = z.object({ time: whole, id: z.string() });
const fall = z.object({ peak: big, trough: big, worstPeak: big, worstTrough: big });
const window = z.object({ below: whole, values: z.array(big), above: whole }).nullable();
const sums = z.object({
  ...{ trades: whole, wins: whole, losses: whole, longs: whole, shorts: whole, held: whole },
  ...{ realized: big, fees: big, won: big, lost: big, gross: big, notional: big, heldMs: big },
  ...{ biggestGain: big.nullable(), biggestLoss: big.nullable() },
});
const curve = z.object({
  start: big,
  equity: big,
  last: place,
  fall,
  returns: z.object({
    firstDay: whole.nullable(),
    day: whole.nullable(),
    open: big,
    sum: big,
    squares: big,
    defined: z.boolean(),
  }),
});
const savedScore = z.object({
  model: z.string(),
  start: big,
  version: whole,
  lastTradeAt: whole.nullable(),
  report: z.object({ seq: whole, body: z.string() }).nullable(),
  ledger: z
    .object({
      sums,
      notionals: window,
      holdings: window,
      curve,
      reported: z.object({ fall, at: whole, seq: whole }).nullable(),
    })
    .nullable(),
});
const savedBoard = z.object({ format: z.literal(FORMAT), scores: z.array(savedScore) });

/**
 * The last saved board, where it can be trusted: it is of this tape, not ahead of its head, and nothing after it was
 * trimmed. Undefined otherwise, and where it was saved in another format.
 */
export async function loadCheckpoint(database: Database): Promise<BoardState | undefined> {
  const [row] = await database.run<{ epoch: string; as_of_seq: string; state: string }>(LOAD, []);
  if (row === undefined) return undefined;
  const saved = savedBoard.safeParse(JSON.parse(row.state)).data;
  if (saved === undefined) return undefined;
  const scores: ScoreState[] = saved.scores;
  return { epoch: row.epoch, asOf: Number(row.as_of_seq), scores };
}

/**
 * Saves a board, unless a newer one that can be trusted is saved already. Its text is made bit by bit, so that others get
 * their turn.
 */
export async function saveCheckpoint(database: Database, { epoch, asOf, scores }: BoardState): Promise<void> {
  const texts: string[] = [];
  for (const [index, score] of scores.entries()) {
    if (index % SCORES_A_TURN === SCORES_A_TURN - 1) await breathe();
    texts.push(
      JSON.stringify(score, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    );
  }
  await database.run(SAVE, [epoch, asOf, `{"format":${FORMAT},"scores":[${texts.join(",")}]}`]);
}
