import type { Head } from "../tape/index.ts";
import type { Channel } from "./channels.ts";
import type { Outlet, StreamContext } from "./context.ts";
import { framesOf } from "./frames.ts";
import { readPast } from "./past.ts";

const CURSOR_WAIT_MS = 10_000;
const HEAD_EVERY_MS = 5_000;

export interface Past {
  channels: readonly Channel[];
  /** Where it begins: everything after this seq is sent. */
  since: number;
  /** Ends it: the client has left, or the tape is another one. */
  signal: AbortSignal;
  /**
   * Called once everything up to this instance's cursor has been sent, in the same step as the last look at it: an await
   * in between could let a record pass by unseen.
   * @param lastSent seq of the last record sent, or where it began. @param upTo this instance's cursor.
   */
  whenThere: (lastSent: number, upTo: number) => void;
  /** Called in place of `whenThere` where what comes next is not kept any more. */
  whenTrimmed: (head: Head) => void;
}

/**
 * Sends a client the past, page by page and no faster than it reads. Who is ahead of this instance waits for it first.
 * Once `signal` has ended it, nothing more is sent and nothing called.
 * @throws where PostgreSQL is away, or this instance does not get to `since` in time.
 */
export async function catchUp(context: StreamContext, outlet: Outlet, past: Past): Promise<void> {
  const { follower } = context;
  const { channels, since, signal, whenThere, whenTrimmed } = past;
  const isThere = await Promise.race([follower.reached(since, CURSOR_WAIT_MS), ended(signal)]);
  if (signal.aborted) return;
  if (!isThere) throw new Error("The follower did not get there in time.");
  let seq = since;
  let lastSent = since;
  let headSentAt = Date.now();
  let next = readPast(context, channels, seq);
  while (seq < follower.cursor) {
    const page = await next;
    if (signal.aborted) return;
    if ("trimmed" in page) {
      whenTrimmed(page.trimmed);
      return;
    }
    // The next page is read while this one is on its way to the client.
    next = readPast(context, channels, page.upTo);
    next.catch(() => {});
    for (const frame of framesOf(page.entries)) {
      outlet.send(frame.event, frame.text, frame.lastSeq);
      lastSent = frame.lastSeq;
    }
    seq = page.upTo;
    if (seq < follower.cursor && Date.now() - headSentAt > HEAD_EVERY_MS) {
      outlet.send("head", JSON.stringify({ seq, epoch: follower.epoch }), seq);
      headSentAt = Date.now();
    }
    const isConnected = await outlet.drained();
    if (!isConnected || signal.aborted) return;
  }
  whenThere(lastSent, seq);
}

function ended(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
}
