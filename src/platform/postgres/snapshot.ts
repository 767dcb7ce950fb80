import type { Client, QueryConfig } from "pg";
import type { Database } from "./database.ts";

const PAGE_ROWS = 5_000;
const LIMIT_MS = 600_000;

/** The database as it was at one moment, for work that reads more than one statement can or should. */
export interface Snapshot {
  rows<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Reads page by page, so that memory does not grow with the number of rows. */
  pages<Row>(text: string, values?: unknown[]): AsyncGenerator<Row[]>;
}

/**
 * Runs `work` on one snapshot (REPEATABLE READ, read only). It may take longer than a request may: up to ten minutes a
 * statement. It holds a connection of the pool all that time.
 * @param signal cuts it short, in the middle of a statement too.
 */
export async function withSnapshot<Result>(
  database: Database,
  signal: AbortSignal,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return await database.lend(async (connection) => {
    signal.throwIfAborted();
    // Ending a connection that is at work cuts it, and the statement under way fails.
    const cut = () => void connection.end().catch(() => {});
    signal.addEventListener("abort", cut, { once: true });
    try {
      await connection.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      try {
        await connection.query("SET LOCAL statement_timeout = 0");
        return await work(snapshotOn(connection));
      } finally {
        // It has only read: there is nothing to commit, whatever became of it.
        await connection.query("ROLLBACK");
      }
    } finally {
      signal.removeEventListener("abort", cut);
    }
  });
}

function snapshotOn(connection: Client): Snapshot {
  const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> => {
    // pg takes a time limit for each query, but does not type it.
    const config: QueryConfig & { query_timeout: number } = { text, values, query_timeout: LIMIT_MS };
    return (await connection.query(config)).rows as Row[];
  };
  let cursors = 0;
  return {
    rows,
    async *pages<Row>(text: string, values: unknown[] = []) {
      const cursor = `page_${++cursors}`;
      await rows(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, values);
      const fetchPage = () => rows<Row>(`FETCH ${PAGE_ROWS} FROM ${cursor}`);
      let next: Promise<Row[]> | undefined = fetchPage();
      while (next !== undefined) {
        const page: Row[] = await next;
        // PostgreSQL works on the next page while this one is being used.
        next = page.length < PAGE_ROWS ? undefined : fetchPage();
        next?.catch(() => {});
        if (page.length > 0) yield page;
      }
      await rows(`CLOSE ${cursor}`);
    },
  };
}
