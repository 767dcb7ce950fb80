import { useEffect, useReducer } from "preact/hooks";

let ahead = 0;

/** Learns how far the service's clock is ahead of this browser's, from a `timestamp` that it just sent. */
export function learnServerTime(timestamp: string): void {
  const time = Date.parse(timestamp);
  if (!Number.isNaN(time)) ahead = time - Date.now();
}

/** The service's time, Unix milliseconds. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** Draws the component again every `everyMs`. @returns the service's time, Unix milliseconds. */
export function useNow(everyMs: number): number {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => tick(undefined), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return serverNow();
}
