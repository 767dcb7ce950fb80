import type { Database } from "./database.ts";

/** Runs one statement of a transaction. @returns its rows. */
export type Query = <Row>(text: string, values: unknown[]) => Promise<Row[]>;

/**
 * Runs statements as one transaction, each of which sees what was committed before it began (READ COMMITTED).
 * @param work what it returns is committed, unless it is undefined: then nothing is.
 */
export async function inTransaction<Result>(
  database: Database,
  work: (query: Query) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  return await database.lend(async (connection) => {
    await connection.query("BEGIN");
    try {
      const result = await work(async <Row>(text: string, values: unknown[]) => {
        return (await connection.query({ text, values })).rows as Row[];
      });
      await connection.query(result === undefined ? "ROLLBACK" : "COMMIT");
      return result;
    } catch (error) {
      // Where the connection is lost, the server has done so already.
      await connection.query("ROLLBACK").catch(() => {});
      throw error;
    }
  });
}
