import type { Ack, ResetEvent, SubscribeRequest } from "../contracts/stream.ts";
import type { Head } from "../tape/index.ts";
import { catchUp } from "./catch-up.ts";
import { type Channel, parseChannel } from "./channels.ts";
import type { Outlet, StreamContext } from "./context.ts";
import type { View } from "./hub.ts";
import type { LiveMembership } from "./live.ts";
import { whyReset } from "./past.ts";

const MAX_CHANNELS = 128;
const MAX_WAITING = 32;

const refusal = (code: string, error: string): Ack => ({ ok: false, code, error });

/**
 * One client's subscription: it replays the past from PostgreSQL or memory up to this instance's cursor, then, in one
 * synchronous step, joins the room of its view. Requests are worked off one after the other.
 *
 * With durable channels it is in one of two states: catching up (`#replay`), or in its view's room (`#view`). A reset
 * ends either and goes into the room at the new head; a replay that was ended does nothing more.
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
  #replay: AbortController | undefined;
  /** How often the tape has become another one. */
  #resets = 0;
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
      else await this.#goBack(channels, request.since, request.epoch, reply);
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
    this.#resets++;
    this.#replay?.abort();
    const isDurable = this.#hasDurable(this.#channels);
    if (isDurable) this.#leaveView();
    // Also to who listens to live values alone: what they show of the tape, as the leaderboard's rows, is of another one.
    if (this.#channels.size > 0) this.#sendReset("epoch", head);
    if (isDurable) this.#joinView(head.seq);
  }

  close(): void {
    this.#closed = true;
    this.#replay?.abort();
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

  async #goBack(
    channels: Map<string, Channel>,
    since: number,
    epoch: string | undefined,
    reply: (ack: Ack) => void,
  ): Promise<void> {
    const resetsBefore = this.#resets;
    const head = await this.#readHead();
    if (this.#closed) return;
    // What became of the tape while its head was being read: `since` was a number of the one before.
    const isAnother = this.#resets !== resetsBefore;
    const position = this.#leaveView();
    if (!isAnother && position !== undefined && since < position) {
      this.#joinView(position);
      reply(
        refusal(
          "since_behind",
          `This connection was sent ${position} already; open another one for the past.`,
        ),
      );
      return;
    }
    const reason = isAnother ? "epoch" : whyReset(head, since, epoch);
    this.#setChannels(channels);
    reply(this.#accepted(head.seq));
    this.#sendCurrent();
    // The reset's head may be ahead of this instance's cursor: what lies between comes by the replay.
    if (reason !== undefined) this.#sendReset(reason, head);
    if (this.#hasDurable(channels)) await this.#catchUp(reason === undefined ? since : head.seq);
  }

  /** The head as it is now, of the tape that this instance follows now. */
  async #readHead(): Promise<Head> {
    for (;;) {
      const resets = this.#resets;
      const head = await this.#context.readHead();
      if (resets === this.#resets) return head;
    }
  }

  async #catchUp(since: number): Promise<void> {
    const replay = new AbortController();
    this.#replay = replay;
    let trimmed: Head | undefined;
    try {
      await catchUp(this.#context, this.#outlet, {
        channels: [...this.#channels.values()],
        since,
        signal: replay.signal,
        whenThere: (lastSent, upTo) => {
          this.#joinView(lastSent);
          this.#sendHead(upTo);
        },
        whenTrimmed: (head) => {
          trimmed = head;
        },
      });
    } catch (error) {
      // Whatever failed in a replay that is over concerns nobody any more.
      if (!replay.signal.aborted) throw error;
    }
    if (trimmed === undefined || replay.signal.aborted) return;
    this.#sendReset("too_old", trimmed);
    await this.#catchUp(trimmed.seq);
  }

  /** Leaves the room after all that is pending for it went out. @returns the position reached. */
  #leaveView(): number | undefined {
    const view = this.#view;
    if (view === undefined) return this.#position;
    this.#context.hub.flush(view);
    if (view.lastSent > this.#joinedAt) this.#position = view.lastSent;
    this.#outlet.leave(view.room);
    this.#context.hub.leave(view, this.#outlet);
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
    hub.enter(view, this.#outlet);
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
