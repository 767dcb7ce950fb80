import { conflate } from "../platform/conflate.ts";
import type { Door } from "./hub.ts";

const FRAME_MS = 100;
/** How many clients are sent a frame in one go; a longer run would hold the event loop up. */
const GROUP_MEMBERS = 32;
/** How long frames are sent before everything else gets its turn. */
const SLICE_MS = 4;
/** A client with more than this waiting gets no live values until it has read it. */
const BUSY_BYTES = 64 * 1024;
const BUSY_PACKETS = 8;

/** A client of live values, as its door offers it. */
export interface LiveOutlet {
  send(event: string, text: string): void;
  join(room: string): void;
  leave(room: string): void;
  /** What waits on the connection. */
  backlog(): { bytes: number; packets: number };
  /** Resolves when the client has taken what was sent; false once it is gone. */
  drained(): Promise<boolean>;
}

/** A client's place among those who get live values. */
export interface LiveMembership {
  leave(): void;
}

/** Some of a view's clients: they share a room. Those that do not keep up are not in it. */
interface Group {
  room: string;
  view: LiveView;
  members: Set<LiveOutlet>;
  behind: Set<LiveOutlet>;
}

/** The live channels of a client together. */
interface LiveView {
  key: string;
  channels: ReadonlySet<string>;
  groups: Set<Group>;
}

interface LiveFrame {
  event: string;
  text: string;
}

/**
 * Live values: newest wins. Changes are gathered and leave at most ten times a second, each value in its newest state
 * only. A client that does not keep up is left out and gets what is current when it has read what waits for it.
 */
export class LiveValues {
  readonly #doors: Door[] = [];
  readonly #views = new Map<string, LiveView>();
  /** event → key → JSON text of the newest value. */
  readonly #values = new Map<string, Map<string, string>>();
  /** event → key → what is sent once of a value that is no longer current. */
  readonly #leaving = new Map<string, Map<string, string>>();
  /** Events whose current values are read when a client asks for them. */
  readonly #sources = new Map<string, () => string | undefined>();
  #changed = new Map<string, Set<string>>();
  /** What is being sent: the changed keys, and the groups whose turn is still to come. */
  #sending = new Map<string, Set<string>>();
  #outgoing: Group[] = [];
  readonly #conflator = conflate(FRAME_MS, () => this.#sendChanges());
  #next: NodeJS.Immediate | undefined;
  #rooms = 0;

  addDoor(door: Door): void {
    this.#doors.push(door);
  }

  /** Sets the newest value of `event/key` (`prices/BTC`) as JSON text. */
  publish(event: string, key: string, text: string): void {
    entryOf(this.#values, event, () => new Map<string, string>()).set(key, text);
    if (this.#views.size === 0) return;
    entryOf(this.#changed, event, () => new Set<string>()).add(key);
    this.#schedule();
  }

  /**
   * Has whoever begins to listen to `event` get what `read` gives, in its order, in place of what was published.
   * @param read JSON texts with commas between them; undefined where there are none.
   */
  provide(event: string, read: () => string | undefined): void {
    this.#sources.set(event, read);
  }

  /** Takes a value away that is no longer current. Who has it keeps it, or gets `last` in its place. */
  forget(event: string, key: string, last?: string): void {
    this.#values.get(event)?.delete(key);
    if (last === undefined || this.#views.size === 0) return;
    entryOf(this.#leaving, event, () => new Map<string, string>()).set(key, last);
    entryOf(this.#changed, event, () => new Set<string>()).add(key);
    this.#schedule();
  }

  /** The current values of these live channels as one JSON array an event. */
  current(channels: ReadonlySet<string>): LiveFrame[] {
    const provided = [...this.#sources].flatMap(([event, read]) => {
      const text = channels.has(event) ? read() : undefined;
      return text === undefined || text === "" ? [] : [{ event, text: `[${text}]` }];
    });
    const published = [...this.#values].flatMap(([event, values]) =>
      this.#sources.has(event) ? [] : frameOf(event, values, values.keys(), channels),
    );
    return [...provided, ...published];
  }

  /** From now on the client gets what changes on these channels. */
  enter(channels: ReadonlySet<string>, outlet: LiveOutlet): LiveMembership {
    const key = [...channels].sort().join(" ");
    const view = entryOf<string, LiveView>(this.#views, key, () => ({
      key,
      channels: new Set(channels),
      groups: new Set(),
    }));
    const group = [...view.groups].find(({ members }) => members.size < GROUP_MEMBERS) ?? this.#open(view);
    group.members.add(outlet);
    outlet.join(group.room);
    return { leave: () => this.#leave(group, outlet) };
  }

  /** How many clients do not keep up now. */
  behind(): number {
    let count = 0;
    for (const { groups } of this.#views.values()) for (const { behind } of groups) count += behind.size;
    return count;
  }

  stop(): void {
    this.#conflator.stop();
    clearImmediate(this.#next);
    this.#outgoing = [];
  }

  #open(view: LiveView): Group {
    const group = {
      room: `live:${++this.#rooms}`,
      view,
      members: new Set<LiveOutlet>(),
      behind: new Set<LiveOutlet>(),
    };
    view.groups.add(group);
    return group;
  }

  #leave(group: Group, outlet: LiveOutlet): void {
    const { view, members, behind, room } = group;
    members.delete(outlet);
    behind.delete(outlet);
    outlet.leave(room);
    if (members.size === 0) view.groups.delete(group);
    if (view.groups.size === 0 && this.#views.get(view.key) === view) this.#views.delete(view.key);
  }

  /** While frames are on their way out, the next ones wait for their end. */
  #schedule(): void {
    if (this.#outgoing.length === 0) this.#conflator.touch();
  }

  #sendChanges(): void {
    this.#sending = this.#changed;
    this.#changed = new Map();
    this.#outgoing = [...this.#views.values()].flatMap(({ groups }) => [...groups]);
    this.#sendSome();
  }

  #sendSome(): void {
    const until = performance.now() + SLICE_MS;
    // Made anew in each slice: whoever came in between has newer values than those of the slice before.
    const framesOfView = new Map<LiveView, LiveFrame[]>();
    let sent = 0;
    for (const group of this.#outgoing) {
      if (performance.now() > until) break;
      sent++;
      const frames = entryOf(framesOfView, group.view, () => this.#changedFrames(group.view.channels));
      if (frames.length > 0) this.#leaveOutBusy(group);
      for (const { event, text } of frames) {
        for (const door of this.#doors) door.sendToRoom(group.room, { event, text, lastSeq: 0 });
      }
    }
    this.#outgoing = this.#outgoing.slice(sent);
    if (this.#outgoing.length > 0) {
      this.#next = setImmediate(() => this.#sendSome());
      return;
    }
    this.#dropSentLeaving();
    if (this.#changed.size > 0) this.#schedule();
  }

  #dropSentLeaving(): void {
    for (const [event, texts] of this.#leaving) {
      for (const key of texts.keys()) if (!this.#changed.get(event)?.has(key)) texts.delete(key);
      if (texts.size === 0) this.#leaving.delete(event);
    }
  }

  #changedFrames(channels: ReadonlySet<string>): LiveFrame[] {
    return [...this.#sending].flatMap(([event, keys]) => {
      const values = this.#values.get(event) ?? new Map<string, string>();
      const leaving = this.#leaving.get(event);
      return frameOf(
        event,
        leaving === undefined ? values : new Map([...leaving, ...values]),
        keys,
        channels,
      );
    });
  }

  #leaveOutBusy(group: Group): void {
    for (const outlet of group.members) {
      if (group.behind.has(outlet)) continue;
      const { bytes, packets } = outlet.backlog();
      if (bytes > BUSY_BYTES || packets > BUSY_PACKETS) this.#leaveOut(group, outlet);
    }
  }

  #leaveOut(group: Group, outlet: LiveOutlet): void {
    group.behind.add(outlet);
    outlet.leave(group.room);
    void outlet.drained().then((isThere) => {
      // It may have left in the meantime, or gone.
      if (!group.behind.delete(outlet) || !isThere) return;
      outlet.join(group.room);
      for (const { event, text } of this.current(group.view.channels)) outlet.send(event, text);
    });
  }
}

function frameOf(
  event: string,
  values: Map<string, string>,
  keys: Iterable<string>,
  channels: ReadonlySet<string>,
): LiveFrame[] {
  const all = channels.has(event);
  const texts: string[] = [];
  for (const key of keys) {
    const text = all || channels.has(`${event}/${key}`) ? values.get(key) : undefined;
    if (text !== undefined) texts.push(text);
  }
  return texts.length === 0 ? [] : [{ event, text: `[${texts.join(",")}]` }];
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
