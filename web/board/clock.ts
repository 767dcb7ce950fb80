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

const TICK_MS = 1000;
const onTick = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** Draws the component again every second; all who ask share one timer. @returns the service's time, Unix milliseconds. */
export function useNow(): number {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const listener = () => tick(undefined);
    if (onTick.size === 0) ticking = setInterval(() => onTick.forEach((tell) => void tell()), TICK_MS);
    onTick.add(listener);
    return () => {
      onTick.delete(listener);
      if (onTick.size === 0) clearInterval(ticking);
    };
  }, []);
  return serverNow();
}
