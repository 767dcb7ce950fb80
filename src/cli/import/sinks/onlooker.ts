import type { Database } from "../../../platform/postgres/database.ts";
import { comparePortfolios } from "../../../portfolio/index.ts";
import { compareScores } from "../../../sentiment/index.ts";
import { compareTrades } from "../../../trades/index.ts";
import { type CheckedRow, recordsOf } from "../check-rows.ts";
import { fingerprint } from "../fingerprint.ts";
import type { Outcome } from "../report.ts";
import type { Sink } from "./sink.ts";
import { compareUsers, OTHER_ACCOUNT } from "./users.ts";

export type Standing = "new" | "same" | "closable" | "different";

const DIFFERENT: Outcome = { refused: "id is the id of a record that is there already, with other content" };
const OUTCOMES: Record<Exclude<Standing, "different">, Outcome> = {
  new: "new",
  same: "repeated",
  closable: "new",
};

/**
 * Says what a recorder would do, and writes nothing.
 * @param database absent where there is no playground yet: everything would be new.
 */
export function onlooker(database: Database | undefined): Sink {
  // Content by id, of what would be there by then.
  const coming = new Map<number, number>();
  return {
    async take(rows) {
      const standings: Standing[] =
        database === undefined ? rows.map(() => "new") : await compare(database, rows);
      return rows.map((row, index) => {
        const standing = standings[index] ?? "new";
        const different = row.kind === "user" ? { refused: OTHER_ACCOUNT } : DIFFERENT;
        if (standing !== "new") return standing === "different" ? different : OUTCOMES[standing];
        const key = fingerprint(`${row.kind} ${row.id}`);
        const content = fingerprint(JSON.stringify(row.record));
        const twin = coming.get(key);
        if (twin === undefined) coming.set(key, content);
        return twin === undefined ? "new" : twin === content ? "repeated" : different;
      });
    },
  };
}

/** How each row of a batch, which is of one kind, stands to what is recorded. */
export async function compare(database: Database, rows: readonly CheckedRow[]): Promise<Standing[]> {
  const kind = rows[0]?.kind;
  if (kind === "trade") return await compareTrades(database, recordsOf(rows, kind));
  if (kind === "sentiment") return await compareScores(database, recordsOf(rows, kind));
  if (kind === "portfolio") return await comparePortfolios(database, recordsOf(rows, kind));
  return await compareUsers(database, recordsOf(rows, "user"));
}
