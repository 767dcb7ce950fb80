import type { Client } from "pg";
import { copyIn } from "./copy-protocol.ts";
import type { BackupReader } from "./read-backup.ts";
import { countRows } from "./script.ts";
import { columnList, isSaved, quote } from "./tables.ts";

/** Copies the backup's tables into those of the connection's schema. @returns the rows by table. */
export async function load(client: Client, reader: BackupReader): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for await (const { table, columns, rows: pieces } of reader.tables()) {
    if (!isSaved(table)) continue;
    let count = 0;
    const counted = async function* () {
      for await (const piece of pieces) {
        count += countRows(piece);
        yield piece;
      }
    };
    await copyIn(client, `COPY ${quote(table)} (${columnList(columns)}) FROM STDIN`, counted());
    rows[table] = count;
  }
  return rows;
}
