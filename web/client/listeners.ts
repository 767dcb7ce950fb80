/** Listeners by event name, typed by a map from event to listener. */
export interface Listeners<Events extends Record<keyof Events, (value: never) => void>> {
  /** @returns the function that takes the listener away again. */
  on<Event extends keyof Events>(event: Event, listener: Events[Event]): () => void;
  emit<Event extends keyof Events>(event: Event, value: Parameters<Events[Event]>[0]): void;
}

export function createListeners<
  Events extends Record<keyof Events, (value: never) => void>,
>(): Listeners<Events> {
  const byEvent = new Map<keyof Events, Set<(value: never) => void>>();
  return {
    on(event, listener) {
      const listeners = byEvent.get(event) ?? new Set();
      byEvent.set(event, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    emit(event, value) {
      for (const listener of byEvent.get(event) ?? []) listener(value as never);
    },
  };
}
