import type { Client } from "pg";
import type { Sequelize } from "sequelize-typescript";
import { limitConcurrency } from "../limit-concurrency.ts";
import { connectDatabase, type DatabaseOptions, readAddress } from "./connect.ts";
import { explainPooler, isServerAnswer } from "./errors.ts";
import { timelineWriter } from "./timeline.ts";

/** A statement that is prepared once a connection and then only executed. */
export interface Statement {
  name: string;
  text: string;
  /** Goes before all reads: these leave it the last connection of the pool. */
  isUrgent?: boolean;
}

/** The database as the hot paths use it: Sequelize's pool and models, and prepared statements beside them. */
export interface Database {
  sequelize: Sequelize;
  /**
   * Runs a prepared statement on a connection of Sequelize's pool.
   * Goes past `sequelize.query`, which has PostgreSQL parse and plan the text anew each time.
   */
  run<Row>(statement: Statement, values: unknown[]): Promise<Row[]>;
  /**
   * Lends a connection of the pool for several statements. Where `work` fails without an answer from PostgreSQL the
   * connection is not used again; otherwise `work` must leave it as it was.
   */
  lend<Result>(work: (connection: Client) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

// Sequelize has the pool's `destroy` but does not type it.
interface PooledConnections {
  pool: { destroy(connection: object): Promise<void> };
}

/** Opens the pool. @throws nothing yet: the first statement finds out whether PostgreSQL is there. */
export function openDatabase(options: DatabaseOptions): Database {
  const sequelize = connectDatabase(options);
  const named = !readAddress(options.url).pgbouncer;
  const manager = sequelize.connectionManager;
  const withTimeline = timelineWriter();
  // Long reads never hold all connections: a write, or a look at the head, finds one.
  const withOthers = limitConcurrency(Math.max(1, options.poolSize - 1));
  async function lendNow<Result>(work: (connection: Client) => Promise<Result>): Promise<Result> {
    const connection = (await manager.getConnection({ type: "write" }).catch((error: unknown) => {
      throw explainPooler(error) ?? error;
    })) as Client;
    try {
      const result = await work(connection);
      manager.releaseConnection(connection);
      return result;
    } catch (error) {
      // Without an answer from the server the connection may still be at work: it must not be used again.
      if (isServerAnswer(error)) manager.releaseConnection(connection);
      else await (manager as unknown as PooledConnections).pool.destroy(connection).catch(() => {});
      throw explainPooler(error) ?? error;
    }
  }
  return {
    sequelize,
    lend: (work) => withOthers(() => lendNow(work)),
    run<Row>({ name, text: template, isUrgent }: Statement, values: unknown[]): Promise<Row[]> {
      const lend = isUrgent
        ? lendNow
        : <Result>(work: (connection: Client) => Promise<Result>) => withOthers(() => lendNow(work));
      return lend(async (connection) => {
        const text = await withTimeline(template, connection);
        const result = await connection.query(named ? { name, text, values } : { text, values });
        return result.rows as Row[];
      });
    },
    async close() {
      await sequelize.close();
    },
  };
}
