import type { Database } from "../platform/postgres/database.ts";
import type { Follower, Head } from "../tape/index.ts";
import type { Hub } from "./hub.ts";
import type { LiveOutlet, LiveValues } from "./live.ts";

/** One client's connection, as a door offers it. */
export interface Outlet extends LiveOutlet {
  /** Sends JSON text under an event name; `seq` is the position to resume from after it, where there is one. */
  send(event: string, text: string, seq?: number): void;
  close(): void;
}

export interface StreamContext {
  database: Database;
  follower: Follower;
  /** A head row that was read after the call. */
  readHead: () => Promise<Head>;
  hub: Hub;
  live: LiveValues;
}
