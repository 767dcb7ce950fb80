import type { Client } from "pg";
import { quote, readMoment, type TableQuery } from "./read-table.ts";
import type { PrismaTables } from "./tables.ts";

const MOMENT = /^timestamp with/;
/** A row's time is taken before its transaction commits; this long before the newest one, others may still have come. */
const OVERLAP = "10 minutes";

const isMoment = (tables: PrismaTables, table: string, column: string) =>
  MOMENT.test(tables.tables.get(table)?.get(column) ?? "");

/** Whether `oldestFirst` is the order of the trades' own times: times that are text have none. */
export function isInTimeOrder(tables: PrismaTables): boolean {
  const columns = tables.tables.get("Trade");
  return ["timestamp", "createdAt"].every(
    (name) => columns?.has(name) !== true || isMoment(tables, "Trade", name),
  );
}

/** The order of a table's rows, as far as it has times that PostgreSQL can compare. */
export function oldestFirst(tables: PrismaTables, table: string): string[] {
  const times = ["timestamp", "createdAt"].filter((name) => isMoment(tables, table, name)).map(quote);
  const id = tables.tables.get(table)?.has("id") ? ["id"] : [];
  return times.length === 0 ? id : [`coalesce(${times.join(", ")})`, ...id];
}

/** Up to where a table was read, by when its rows were made. What a row says of its own time is not asked: rows come late. */
export class Mark {
  #read: string | undefined;
  #reading: string | undefined;

  /** Which rows may have come since; absent: nothing tells, so all of them are read. */
  since(tables: PrismaTables, table: string, ids: ReadonlySet<string> = new Set()): TableQuery["where"] {
    if (this.#read === undefined || !isMoment(tables, table, "createdAt")) return undefined;
    const hasZone = tables.tables.get(table)?.get("createdAt") === "timestamp with time zone";
    const moment = hasZone ? "$1::timestamptz" : "($1::timestamptz AT TIME ZONE 'UTC')";
    const newer = `"createdAt" IS NULL OR "createdAt" >= ${moment} - interval '${OVERLAP}'`;
    if (ids.size === 0) return { sql: newer, values: [this.#read] };
    return { sql: `${newer} OR id::text = ANY($2::text[])`, values: [this.#read, [...ids]] };
  }

  /**
   * To be called before a table is read.
   * @returns what takes each row's "createdAt".
   */
  async reading(client: Client): Promise<(created: unknown) => void> {
    const now = await readMoment(client);
    this.#reading = this.#read;
    return (created) => {
      if (typeof created !== "string") return;
      let moment = created;
      // A row of the future must not hide those that are made until then.
      if (created > now) moment = now;
      if (this.#reading === undefined || moment > this.#reading) this.#reading = moment;
    };
  }

  /** What was read has been taken, to its end; a reading that broke off moves nothing. */
  taken(): void {
    this.#read = this.#reading;
  }
}
