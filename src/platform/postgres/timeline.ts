import type { Client } from "pg";
import { databaseErrorCode } from "./errors.ts";

/**
 * What a statement's text has where the server's timeline belongs: `Database.run` puts the SQL of it there. Null on a
 * standby, and on servers that do not tell.
 */
export const TIMELINE = "/* timeline */";

// Of the WAL that is being written: right from the promotion on, where pg_control_checkpoint() waits for a checkpoint.
const CURRENT =
  "(CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END)";
const UNKNOWN = "NULL::text";
/** Not supported, no privilege, no such function. */
const CANNOT_TELL = /^(0A000|42501|42883)$/;

/** Fills in the timeline's SQL; which one this server takes is asked once. */
export function timelineWriter(): (text: string, connection: Client) => Promise<string> {
  let sql: string | undefined;
  const written = new Map<string, string>();
  return async (text, connection) => {
    if (!text.includes(TIMELINE)) return text;
    sql ??= await probe(connection);
    const known = written.get(text);
    if (known !== undefined) return known;
    const filled = text.replaceAll(TIMELINE, sql);
    written.set(text, filled);
    return filled;
  };
}

async function probe(connection: Client): Promise<string> {
  try {
    await connection.query(`SELECT ${CURRENT}`);
    return CURRENT;
  } catch (error) {
    if (CANNOT_TELL.test(databaseErrorCode(error) ?? "")) return UNKNOWN;
    throw error;
  }
}
