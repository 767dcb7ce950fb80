/** Zones that feeds write and the runtime does not know. */
const OFFSETS: Record<string, string> = {
  BST: "+0100",
  CET: "+0100",
  CEST: "+0200",
  EET: "+0200",
  EEST: "+0300",
  MSK: "+0300",
  IST: "+0530",
  SGT: "+0800",
  HKT: "+0800",
  JST: "+0900",
  KST: "+0900",
  AEST: "+1000",
  AEDT: "+1100",
  UT: "+0000",
};
const NAMED_ZONE = new RegExp(`\\b(${Object.keys(OFFSETS).join("|")})\\s*$`);
const HAS_ZONE = /(?:\d\s*Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2}|\))\s*$/i;
const HAS_TIME = /\d:\d{2}/;
const STARTS_ISO = /^\d{4}-\d{2}-\d{2}/;

/**
 * A feed's date as ISO 8601 UTC. One without a zone is taken for UTC, whatever zone this machine is in.
 * @param now Unix milliseconds; a later date is a mistake or a trick to stay on top.
 * @returns null where it cannot be read or lies in the future.
 */
export function publishDate(text: string | undefined, now: number): string | null {
  if (text === undefined || text.length > 100) return null;
  const at = Date.parse(withZone(text.trim()));
  // Before the web there was no feed; an empty or zero date says nothing.
  return Number.isNaN(at) || at > now || at < Date.UTC(1990) ? null : new Date(at).toISOString();
}

function withZone(text: string): string {
  const named = text.replace(NAMED_ZONE, (zone) => OFFSETS[zone.trim()] ?? zone);
  if (STARTS_ISO.test(named)) {
    return HAS_TIME.test(named) && !HAS_ZONE.test(named) ? `${named}Z` : named;
  }
  return HAS_ZONE.test(named) && HAS_TIME.test(named) ? named : `${named} GMT`;
}
