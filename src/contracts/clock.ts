let lastMs = 0;
let lastText = "";

/** The present moment, ISO 8601 UTC. Many records share a millisecond, and spelling one out costs microseconds. */
export function isoNow(): string {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}
