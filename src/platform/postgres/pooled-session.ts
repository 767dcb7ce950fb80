import type { Client, QueryResult } from "pg";
import { isServerAnswer } from "./errors.ts";

type Callback = (error: Error | null, result?: QueryResult) => void;
type Query = (...args: unknown[]) => unknown;

const BEGINS = /^\s*(BEGIN|START\s+TRANSACTION)\b/i;
const ENDS = /^\s*(COMMIT|END|ABORT|ROLLBACK(?!\s+(TRANSACTION\s+|WORK\s+)?TO\b))\b/i;

/**
 * Makes a connection right for a pooler in transaction mode, where each transaction may be on another of its connections
 * and nothing that is set stays: every transaction begins with `settings` (`SET LOCAL …`), and what is sent outside of one
 * gets a transaction of its own. So a statement counts as done once its COMMIT is, and never before.
 */
export function settleEachTransaction(connection: Client, settings: string): void {
  const send = connection.query.bind(connection) as Query;
  const run = (...args: unknown[]) =>
    new Promise<QueryResult>((resolve, reject) => {
      send(...args, (error: Error | null, result: QueryResult) => (error ? reject(error) : resolve(result)));
    });
  let isInside = false;
  let last: Promise<unknown> = Promise.resolve();

  async function settled(args: unknown[]): Promise<QueryResult> {
    const text = textOf(args[0]);
    if (BEGINS.test(text)) {
      const begun = await run(...args);
      isInside = true;
      await run(settings);
      return begun;
    }
    if (ENDS.test(text)) isInside = false;
    else if (!isInside) return await alone(args);
    return await run(...args);
  }

  async function alone(args: unknown[]): Promise<QueryResult> {
    await run(`BEGIN; ${settings}`);
    try {
      const result = await run(...args);
      await run("COMMIT");
      return result;
    } catch (error) {
      // Without an answer the connection is not used again.
      if (isServerAnswer(error)) await run("ROLLBACK");
      throw error;
    }
  }

  /** One after the other, so that nothing comes in between a statement and its COMMIT. */
  function inTurn(args: unknown[]): Promise<QueryResult> {
    const turn = last.then(() => settled(args));
    last = turn.catch(() => {});
    return turn;
  }

  const query: Query = (...args) => {
    // A query object of its own (a cursor, a COPY stream) belongs into a transaction that its owner began.
    if (isSubmittable(args[0])) return send(...args);
    const callback = args.at(-1);
    if (typeof callback !== "function") return inTurn(args);
    inTurn(args.slice(0, -1)).then(
      (result) => (callback as Callback)(null, result),
      (error: Error) => (callback as Callback)(error),
    );
    return undefined;
  };
  Object.assign(connection, { query });
}

function textOf(query: unknown): string {
  if (typeof query === "string") return query;
  return typeof query === "object" && query !== null && "text" in query ? String(query.text) : "";
}

function isSubmittable(query: unknown): boolean {
  return typeof query === "object" && query !== null && "submit" in query;
}
