/** After this long without a new price the service marks a valuation stale. */
const STALE_AFTER_MS = 60_000;

/** @param now the service's time, Unix milliseconds. */
export function isStale(price: { as_of: string }, now: number): boolean {
  return now - Date.parse(price.as_of) > STALE_AFTER_MS;
}
