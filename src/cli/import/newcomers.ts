import { fingerprint } from "./fingerprint.ts";
import type { Source, SourceRow } from "./source.ts";

/**
 * A source that is read again and again: records that were taken before, and have not changed, do not come again. Those
 * without an id always come: equal ones are told apart by their number, so they have to be seen together.
 */
export function withoutKnownRows(source: Source): Source {
  const taken = new Set<number>();
  // What this reading has brought; a reading that breaks off may have lost rows on their way, so it comes again whole.
  const coming = new Set<number>();
  return {
    ...source,
    onTaken() {
      for (const print of coming) taken.add(print);
      coming.clear();
      source.onTaken?.();
    },
    async *rows(which = "all") {
      coming.clear();
      for await (const row of source.rows(which)) {
        const named = nameAndContent(row);
        if (named === undefined) {
          if (which === "all" || !("left" in row)) yield row;
          continue;
        }
        const print = fingerprint(named);
        if (taken.has(print) || coming.has(print)) continue;
        coming.add(print);
        yield row;
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
