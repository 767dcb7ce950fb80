import type { TapeEntry } from "../contracts/tape.ts";
import { channelsOf } from "./channels.ts";
import { type Frame, framesOf } from "./frames.ts";

/** How long a round of frames is followed by none, for each millisecond that it took: sending is a sixth of the time. */
const PAUSE_PER_COST = 5;
const MAX_PAUSE_MS = 100;
/** A shorter wait is none: timers count whole milliseconds. What it would have been is owed by the next round. */
const MIN_PAUSE_MS = 1;
/** How long frames are sent before everything else gets its turn. */
const SLICE_MS = 4;

/** A way out to clients: it sends one frame to all of its members of a room. */
export interface Door {
  sendToRoom(room: string, frame: Frame): void;
}

/** A client in a view's room. */
export interface Member {
  send(event: string, text: string, seq?: number): void;
}

/** All durable channels of a client together. Clients with the same view share one room. */
export interface View {
  room: string;
  channels: ReadonlySet<string>;
  /** The clients in the room, over all doors. */
  members: Set<Member>;
  pending: TapeEntry[];
  /** Seq of the last record sent to the room. */
  lastSent: number;
}

/** How far everyone has been sent everything. */
export interface Position {
  seq: number;
  epoch: string;
}

/**
 * The one place that sends to rooms. For each batch it works out once per distinct view which records belong to it, and
 * each view's records leave in one frame, so a thousand spectators of the same channels cost one encoding.
 *
 * Frames leave in rounds, all views that something is pending for in one. The first begins at the end of the event
 * loop's turn; the next one waits as long as the last one was dear. So one spectator waits for nothing, and with
 * hundreds of them records that come fast travel together.
 */
export class Hub {
  readonly #doors: Door[] = [];
  readonly #views = new Map<string, View>();
  readonly #byChannel = new Map<string, Set<View>>();
  /** Views with something pending, in the order in which it came. */
  readonly #due = new Set<View>();
  /** Set from the moment in which a round is planned until it is over. */
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  /** What flushing has taken since the end of the last round, in milliseconds. */
  #cost = 0;
  #nextRoundAt = 0;
  /** Who is still to be told how far it is. */
  #untold: Iterator<[View, Member]> | undefined;
  #rooms = 0;

  addDoor(door: Door): void {
    this.#doors.push(door);
  }

  /** Takes entries in seq order. Nothing is sent in this call, so writers get their answers first. */
  deliver(entries: readonly TapeEntry[]): void {
    if (this.#views.size === 0) return;
    for (const entry of entries) {
      for (const channel of channelsOf(entry)) {
        for (const view of this.#byChannel.get(channel) ?? []) {
          // Overlapping channels name the same entry more than once.
          if (view.pending.at(-1)?.seq !== entry.seq) view.pending.push(entry);
          this.#due.add(view);
        }
      }
    }
    if (this.#due.size > 0) this.#schedule();
  }

  /** The view of these channels; a client that joins its room has to `enter` it. */
  view(channels: ReadonlySet<string>): View {
    const key = [...channels].sort().join(" ");
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view: View = {
      room: `view:${++this.#rooms}`,
      channels: new Set(channels),
      members: new Set(),
      pending: [],
      lastSent: 0,
    };
    this.#views.set(key, view);
    for (const channel of channels) {
      const views = this.#byChannel.get(channel) ?? new Set();
      this.#byChannel.set(channel, views.add(view));
    }
    return view;
  }

  enter(view: View, member: Member): void {
    view.members.add(member);
  }

  leave(view: View, member: Member): void {
    view.members.delete(member);
    if (view.members.size > 0) return;
    view.pending = [];
    this.#due.delete(view);
    this.#views.delete([...view.channels].sort().join(" "));
    for (const channel of view.channels) {
      const views = this.#byChannel.get(channel);
      views?.delete(view);
      if (views?.size === 0) this.#byChannel.delete(channel);
    }
  }

  /** Sends what is pending now. Must come before every join and leave of the room, or records come twice or not at all. */
  flush(view: View): void {
    this.#due.delete(view);
    if (view.pending.length === 0) return;
    const start = performance.now();
    const entries = view.pending;
    view.pending = [];
    for (const frame of framesOf(entries)) {
      for (const door of this.#doors) door.sendToRoom(view.room, frame);
      view.lastSent = frame.lastSeq;
    }
    this.#cost += performance.now() - start;
  }

  /**
   * Tells every client how far it is, in short runs: ten thousand in one go would hold the event loop up.
   * @param read how far everything has been delivered by the time of the call.
   */
  announceHead(read: () => Position): void {
    if (this.#untold !== undefined) return;
    this.#untold = this.#everyone();
    this.#tellSome(read);
  }

  /** Forgets what is pending: the tape it belonged to is gone. */
  discardPending(): void {
    for (const view of this.#due) view.pending = [];
    this.#due.clear();
  }

  /** Tells nobody any more how far it is; records still leave. */
  stopHeads(): void {
    this.#untold = undefined;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#nextRoundAt - performance.now();
    // What becomes due while the round is under way waits for the next one.
    const run = () => this.#sendSome([...this.#due].values());
    this.#timer = wait < MIN_PAUSE_MS ? setImmediate(run) : setTimeout(run, wait);
  }

  #sendSome(round: Iterator<View>): void {
    const until = performance.now() + SLICE_MS;
    for (let next = round.next(); next.done !== true; next = round.next()) {
      this.flush(next.value);
      if (performance.now() < until) continue;
      this.#timer = setImmediate(() => this.#sendSome(round));
      return;
    }
    const now = performance.now();
    const pause = Math.max(this.#nextRoundAt - now, 0) + this.#cost * PAUSE_PER_COST;
    this.#nextRoundAt = now + Math.min(MAX_PAUSE_MS, pause);
    this.#cost = 0;
    this.#timer = undefined;
    if (this.#due.size > 0) this.#schedule();
  }

  *#everyone(): Generator<[View, Member]> {
    for (const view of this.#views.values()) for (const member of view.members) yield [view, member];
  }

  #tellSome(read: () => Position): void {
    const until = performance.now() + SLICE_MS;
    const head = read();
    const text = JSON.stringify(head);
    while (this.#untold !== undefined && performance.now() < until) {
      const { done, value } = this.#untold.next();
      if (done === true) {
        this.#untold = undefined;
        break;
      }
      const [view, member] = value;
      this.flush(view);
      member.send("head", text, head.seq);
    }
    if (this.#untold !== undefined) setImmediate(() => this.#tellSome(read));
  }
}
