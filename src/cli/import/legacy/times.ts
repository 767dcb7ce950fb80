const SECONDS_BELOW = 1e11;
const ZONED = /(?:Z|[+-]\d{2}:?\d{2}|GMT.*)$/;
/** As the contract takes it. */
const FINE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const DATE_AND_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A moment in ISO 8601, UTC: out of Unix milliseconds or seconds (as number or text), an ISO time without a zone, which
 * is meant as UTC, a date, or what JavaScript prints. Anything else stays, for the contract to refuse.
 */
export function plainTime(value: unknown): unknown {
  if (typeof value === "number") return fromUnix(value) ?? value;
  if (typeof value !== "string" || FINE.test(value)) return value;
  const text = value.trim();
  if (/^\d{9,14}(?:\.\d+)?$/.test(text)) return fromUnix(Number(text)) ?? value;
  if (DATE.test(text)) return iso(`${text}T00:00:00Z`) ?? value;
  const [, date, time] = DATE_AND_TIME.exec(text) ?? [];
  if (date !== undefined) return iso(`${date}T${time}Z`) ?? value;
  return ZONED.test(text) ? (iso(text) ?? value) : value;
}

function fromUnix(value: number): string | undefined {
  return iso(Math.abs(value) < SECONDS_BELOW ? Math.round(value * 1000) : value);
}

function iso(value: string | number): string | undefined {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
