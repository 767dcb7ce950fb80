import type { Ack, ResetEvent, SubscribeRequest } from "../contracts/stream.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { Follower, Head } from "../tape/index.ts";
import { type Channel, parseChannel } from "./channels.ts";
import { framesOf } from "./frames.ts";
import type { Hub, View } from "./hub.ts";
import type { LiveMembership, LiveOutlet, LiveValues } from "./live.ts";
import { readPast, whyReset } from "./past.ts";

const MAX_CHANNELS = 128;
const MAX_WAITING = 32;
const CURSOR_WAIT_MS = 10_000;
const HEAD_EVERY_MS = 5_000;

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

const refusal = (code: string, error: string): Ack => ({ ok: false, code, error });

/**
 * One client's subscription: it replays the past from PostgreSQL or memory up to this instance's cursor, then, in one
 * synchronous step, joins the room of its view. Requests are worked off one after the other.
 */
export class Subscription {
  readonly #context: StreamContext;
  readonly #outlet: Outlet;
  #channels = new Map<string, Channel>();
  #view: View | undefined;
  #live: LiveMembership | undefined;
  /** Nothing up to here will be sent again. */
  #position: number | undefined;
  #joinedAt = 0;
  #tasks: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #generation = 0;
  #closed = false;

  constructor(context: StreamContext, outlet: Outlet) {
    this.#context = context;
    this.#outlet = outlet;
  }

  /** Adds channels; `reply` is called before the first record is sent. Never throws. */
  async subscribe(request: SubscribeRequest, reply: (ack: Ack) => void): Promise<void> {
    const parsed = request.channels.map((name) => ({ name, channel: parseChannel(name) }));
    const unknown = parsed.find(({ channel }) => channel === undefined);
    if (unknown !== undefined) {
      reply(refusal("unknown_channel", `There is no channel ${JSON.stringify(unknown.name.slice(0, 100))}.`));
      return;
    }
    await this.#enqueue(reply, async () => {
      const channels = new Map(this.#channels);
      for (const { channel } of parsed) if (channel !== undefined) channels.set(channel.name, channel);
      if (channels.size > MAX_CHANNELS) {
        reply(refusal("too_many_channels", `A client may hold at most ${MAX_CHANNELS} channels.`));
      } else if (request.since === undefined) this.#goLive(channels, reply);
      else await this.#replay(channels, request.since, request.epoch, reply);
    });
  }

  /** Takes channels away; those that are not held are ignored. */
  async unsubscribe(names: string[], reply: (ack: Ack) => void): Promise<void> {
    await this.#enqueue(reply, async () => {
      const channels = new Map(this.#channels);
      for (const name of names) channels.delete(parseChannel(name)?.name ?? name);
      const position = this.#leaveView();
      this.#setChannels(channels);
      this.#joinView(position);
      reply(this.#accepted());
    });
  }

  /** The tape is another one now: whatever is under way ends, and the client goes on from the new head. */
  reset(head: Head): void {
    this.#generation++;
    if (this.#view === undefined && !this.#hasDurable(this.#channels)) return;
    this.#sendReset("epoch", head);
    this.#leaveView();
    this.#joinView(head.seq);
  }

  close(): void {
    this.#closed = true;
    this.#generation++;
    this.#leaveView();
    this.#live?.leave();
    this.#live = undefined;
  }

  async #enqueue(reply: (ack: Ack) => void, task: () => Promise<void>): Promise<void> {
    if (this.#waiting >= MAX_WAITING) {
      reply(refusal("rate_limited", "Too many requests wait on this connection."));
      return;
    }
    this.#waiting++;
    const run = this.#tasks.then(async () => {
      if (!this.#closed) await task();
    });
    this.#tasks = run.catch(() => {
      // What failed is told by leaving: the client connects again and resumes.
      reply(refusal("unavailable", "The past cannot be read now; connect again and resume."));
      this.#outlet.close();
    });
    await this.#tasks;
    this.#waiting--;
  }

  #goLive(channels: Map<string, Channel>, reply: (ack: Ack) => void): void {
    const before = this.#leaveView();
    this.#setChannels(channels);
    const head = this.#context.follower.cursor;
    reply(this.#accepted());
    // Who holds live channels alone has been sent nothing that it could be behind of.
    const isDurable = this.#hasDurable(channels);
    this.#joinView(isDurable ? (before ?? head) : before);
    if (isDurable) this.#sendHead(head);
    this.#sendCurrent();
  }

  async #replay(
    channels: Map<string, Channel>,
    since: number,
    epoch: string | undefined,
    reply: (ack: Ack) => void,
  ): Promise<void> {
    const { follower, readHead } = this.#context;
    const generation = this.#generation;
    const head = await readHead();
    if (generation !== this.#generation) {
      reply(refusal("unavailable", "The tape was just restored; subscribe again."));
      return;
    }
    const position = this.#leaveView();
    if (position !== undefined && since < position) {
      this.#joinView(position);
      reply(
        refusal(
          "since_behind",
          `This connection was sent ${position} already; open another one for the past.`,
        ),
      );
      return;
    }
    const reason = whyReset(head, since, epoch);
    this.#setChannels(channels);
    reply(this.#accepted(head.seq));
    this.#sendCurrent();
    // The reset's head may be ahead of this instance's cursor: what lies between comes by the replay.
    if (reason !== undefined) this.#sendReset(reason, head);
    const start = reason === undefined ? since : head.seq;
    if (!this.#hasDurable(channels)) return;
    if (!(await follower.reached(start, CURSOR_WAIT_MS)))
      throw new Error("The follower did not get there in time.");
    await this.#catchUp(start, generation);
  }

  /** Sends everything after `since` until the cursor is reached, then joins the room; stops early where it was cut short. */
  async #catchUp(since: number, generation: number): Promise<void> {
    const { follower } = this.#context;
    const channels = [...this.#channels.values()];
    let seq = since;
    let lastSent = since;
    let headSentAt = Date.now();
    let next = readPast(this.#context, channels, seq);
    while (seq < follower.cursor) {
      const page = await next;
      if (generation !== this.#generation) return;
      // The next page is read while this one is on its way to the client.
      next = readPast(this.#context, channels, page.upTo);
      next.catch(() => {});
      for (const frame of framesOf(page.entries)) {
        this.#outlet.send(frame.event, frame.text, frame.lastSeq);
        lastSent = frame.lastSeq;
      }
      seq = page.upTo;
      if (seq < follower.cursor && Date.now() - headSentAt > HEAD_EVERY_MS) {
        this.#sendHead(seq);
        headSentAt = Date.now();
      }
      const isThere = await this.#outlet.drained();
      if (!isThere || generation !== this.#generation) return;
    }
    // In the same step as the last look at the cursor: an await in between could let a record pass by unseen.
    this.#joinView(lastSent);
    this.#sendHead(seq);
  }

  /** Leaves the room after all that is pending for it went out. @returns the position reached. */
  #leaveView(): number | undefined {
    const view = this.#view;
    if (view === undefined) return this.#position;
    this.#context.hub.flush(view);
    if (view.lastSent > this.#joinedAt) this.#position = view.lastSent;
    this.#outlet.leave(view.room);
    this.#context.hub.leave(view);
    this.#view = undefined;
    return this.#position;
  }

  /** Enters the room of the current durable channels; what this instance delivers from now on comes through it. */
  #joinView(position: number | undefined): void {
    const { hub, follower } = this.#context;
    const durable = [...this.#channels.values()].filter((channel) => channel.type === "durable");
    this.#position = position;
    if (this.#closed || durable.length === 0) return;
    const view = hub.view(new Set(durable.map((channel) => channel.name)));
    hub.flush(view);
    hub.enter(view);
    this.#outlet.join(view.room);
    this.#view = view;
    this.#joinedAt = follower.cursor;
  }

  #setChannels(channels: Map<string, Channel>): void {
    this.#channels = channels;
    this.#live?.leave();
    this.#live = undefined;
    const names = this.#liveNames();
    if (names.size > 0 && !this.#closed) this.#live = this.#context.live.enter(names, this.#outlet);
  }

  #liveNames(): Set<string> {
    const live = [...this.#channels.values()].filter((channel) => channel.type === "live");
    return new Set(live.map((channel) => channel.name));
  }

  #hasDurable(channels: Map<string, Channel>): boolean {
    return [...channels.values()].some((channel) => channel.type === "durable");
  }

  #accepted(head = this.#context.follower.cursor): Ack {
    return { ok: true, channels: [...this.#channels.keys()], head, epoch: this.#context.follower.epoch };
  }

  #sendHead(seq: number): void {
    this.#outlet.send("head", JSON.stringify({ seq, epoch: this.#context.follower.epoch }), seq);
  }

  #sendCurrent(): void {
    for (const { event, text } of this.#context.live.current(this.#liveNames()))
      this.#outlet.send(event, text);
  }

  #sendReset(reason: ResetEvent["reason"], head: Head): void {
    const event: ResetEvent = { reason, oldest: head.oldest, head: head.seq, epoch: head.epoch };
    this.#outlet.send("reset", JSON.stringify(event), head.seq);
  }
}
