import { nextMessage, startScript } from "./children.ts";
import type { Dialect } from "./frames.ts";

export interface SubscriberJob {
  readonly port: number;
  readonly clients: number;
  readonly dialect: Dialect;
}

/** "Report when each client has this many records, or after this long." */
export interface SubscriberOrder {
  readonly untilEachHas: number;
  readonly waitAtMostMs: number;
}

export interface SubscriberCounts {
  /** Records received by all clients together. */
  readonly delivered: number;
  readonly fewest: number;
  readonly most: number;
  /** Connections the server ended. */
  readonly cutOff: number;
  /** What the client that parses everything found wrong. */
  readonly sampleFault: string | undefined;
}

/** Connected subscribers. */
export interface Subscribers {
  /** Waits until each has got so many records; throws when one got fewer, more, none, or was cut off. */
  receivedEach(records: number): Promise<SubscriberCounts>;
  disconnect(): Promise<void>;
}

export const SUBSCRIBERS = 200;
const WAIT_AT_MOST_MS = 60_000;

/** Connects 200 websocket clients and resolves when all are subscribed. */
export async function subscribe(port: number, dialect: Dialect): Promise<Subscribers> {
  const crowd = startScript("subscribers", new URL("./subscriber-process.ts", import.meta.url));
  const job: SubscriberJob = { port, clients: SUBSCRIBERS, dialect };
  crowd.process.send(job);
  await nextMessage(crowd);
  return {
    async receivedEach(records) {
      const order: SubscriberOrder = { untilEachHas: records, waitAtMostMs: WAIT_AT_MOST_MS };
      crowd.process.send(order);
      const counts = (await nextMessage(crowd)) as SubscriberCounts;
      const complete = counts.fewest === records && counts.most === records && counts.cutOff === 0;
      if (!complete || counts.sampleFault !== undefined) {
        throw new Error(`each subscriber should have ${records} records: ${JSON.stringify(counts)}`);
      }
      return counts;
    },
    disconnect: () => crowd.stop(),
  };
}
