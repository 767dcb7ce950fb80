import type { Door } from "./hub.ts";

const FRAME_MS = 100;

/** The live channels of a client together; clients with the same ones share one room. */
interface LiveView {
  room: string;
  channels: ReadonlySet<string>;
  members: number;
}

/**
 * Live values: newest wins. Changes are gathered and leave at most ten times a second a view, each value in its newest
 * state only.
 */
export class LiveValues {
  readonly #doors: Door[] = [];
  readonly #views = new Map<string, LiveView>();
  /** event → key → JSON text of the newest value. */
  readonly #values = new Map<string, Map<string, string>>();
  /** Values that are worked out when a client asks for the current ones. */
  readonly #sources: { event: string; key: string; read: () => string | undefined }[] = [];
  #changed = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #lastFrameAt = 0;
  #rooms = 0;

  addDoor(door: Door): void {
    this.#doors.push(door);
  }

  /** Sets the newest value of `event/key` (`prices/BTC`) as JSON text. */
  publish(event: string, key: string, text: string): void {
    entryOf(this.#values, event, () => new Map<string, string>()).set(key, text);
    if (this.#views.size === 0) return;
    entryOf(this.#changed, event, () => new Set<string>()).add(key);
    this.#timer ??= setTimeout(
      () => this.#sendChanges(),
      // Timers cut fractions off, and would come early.
      Math.max(0, Math.ceil(this.#lastFrameAt + FRAME_MS - performance.now())),
    );
  }

  /**
   * Has whoever begins to listen to `event` get the value as it is then, which may be newer than the last published one.
   * @param read undefined where there is none.
   */
  provide(event: string, key: string, read: () => string | undefined): void {
    this.#sources.push({ event, key, read });
  }

  /** Takes a value away that is no longer current; who has it keeps it. */
  forget(event: string, key: string): void {
    this.#values.get(event)?.delete(key);
  }

  /** The current values of these live channels as one JSON array an event. */
  current(channels: ReadonlySet<string>): { event: string; text: string }[] {
    for (const { event, key, read } of this.#sources) {
      const text = channels.has(event) ? read() : undefined;
      if (text !== undefined) entryOf(this.#values, event, () => new Map<string, string>()).set(key, text);
    }
    return [...this.#values].flatMap(([event, values]) => frameOf(event, values, values.keys(), channels));
  }

  enter(channels: ReadonlySet<string>): LiveView {
    const view = entryOf(this.#views, [...channels].sort().join(" "), () => ({
      room: `live:${++this.#rooms}`,
      channels: new Set(channels),
      members: 0,
    }));
    view.members++;
    return view;
  }

  leave(view: LiveView): void {
    view.members--;
    if (view.members === 0) this.#views.delete([...view.channels].sort().join(" "));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #sendChanges(): void {
    this.#timer = undefined;
    this.#lastFrameAt = performance.now();
    const changed = this.#changed;
    this.#changed = new Map();
    for (const [event, keys] of changed) {
      const values = this.#values.get(event) ?? new Map<string, string>();
      for (const view of this.#views.values()) {
        for (const { text } of frameOf(event, values, keys, view.channels)) {
          for (const door of this.#doors) door.sendToRoom(view.room, { event, text, lastSeq: 0 });
        }
      }
    }
  }
}

function frameOf(
  event: string,
  values: Map<string, string>,
  keys: Iterable<string>,
  channels: ReadonlySet<string>,
): { event: string; text: string }[] {
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
