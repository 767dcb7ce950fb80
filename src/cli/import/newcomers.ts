import { fingerprint } from "./fingerprint.ts";
import type { Source, SourceRow } from "./source.ts";

/**
 * A source that is read again and again: records that were read before, and have not changed, do not come again. Those
 * without an id always come: equal ones are told apart by their number, so they have to be seen together.
 */
export function withoutKnownRows(source: Source): Source {
  const seen = new Set<number>();
  return {
    ...source,
    async *rows(which = "all") {
      for await (const row of source.rows(which)) {
        const named = nameAndContent(row);
        if (named === undefined) {
          if (which === "all" || !("left" in row)) yield row;
          continue;
        }
        const print = fingerprint(named);
        if (seen.has(print)) continue;
        yield row;
        seen.add(print);
      }
    },
  };
}

/** Not the place: a list's newest stands first, and all others move on. */
function nameAndContent(row: SourceRow): string | undefined {
  if (!("record" in row)) return undefined;
  const { kind, record } = row;
  if (kind === "portfolio" || kind === "user") return JSON.stringify([kind, record]);
  const hasId = typeof record === "object" && record !== null && "id" in record;
  return hasId ? JSON.stringify([kind, record]) : undefined;
}
