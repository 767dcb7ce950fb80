import type { Client } from "pg";

interface Facts {
  seq: number;
  oldest: number;
  entries: number;
  lowest: number | null;
  highest: number | null;
  lost: number;
}

/**
 * Holds what was restored against what the tape promises, in the transaction that restores it: no seq missing, none
 * twice, none above the head, and an entry for every record that it should hold; and the rows' numbers against those that
 * the backup says.
 * @returns the head's seq. @throws Error with a sentence where something is wrong.
 */
export async function checkRestored(
  client: Client,
  loaded: Readonly<Record<string, number>>,
  promised: Readonly<Record<string, number>> | undefined,
): Promise<number> {
  for (const [table, count] of Object.entries(promised ?? {})) {
    if ((loaded[table] ?? 0) !== count) {
      throw new Error(
        `The backup is not whole: ${loaded[table] ?? 0} rows of ${table}, where it promises ${count}.`,
      );
    }
  }
  const { rows } = await client.query<Facts>(
    `SELECT h.seq::float8 AS seq, h.oldest::float8 AS oldest,
       (SELECT count(*)::float8 FROM tape) AS entries,
       (SELECT min(seq)::float8 FROM tape) AS lowest, (SELECT max(seq)::float8 FROM tape) AS highest,
       (SELECT count(*)::float8 FROM (
          SELECT seq FROM trades UNION ALL SELECT seq FROM portfolios UNION ALL SELECT seq FROM sentiments) record
        WHERE record.seq >= h.oldest AND NOT EXISTS (SELECT 1 FROM tape t WHERE t.seq = record.seq)) AS lost
     FROM tape_head h WHERE h.id = 1`,
  );
  const [facts] = rows;
  if (facts === undefined) throw new Error("The backup's tape has no head row.");
  const { seq, oldest, entries, lowest, highest, lost } = facts;
  const isDense = entries === seq - oldest + 1 && (entries === 0 || (lowest === oldest && highest === seq));
  if (!isDense) {
    throw new Error(
      `The backup's tape is not dense: ${entries} entries from ${lowest} to ${highest}, where its head says ${oldest} to ${seq}.`,
    );
  }
  if (lost > 0) throw new Error(`The backup's tape lacks the entries of ${lost} records.`);
  return seq;
}
