/** As the contract takes it, and it loses nothing: no more than milliseconds, or zeros behind them. */
const FINE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3}0*)?(?:Z|[+-]\d{2}:\d{2})$/;
/** ISO 8601, with a blank for the T, without seconds or a zone, or with a zone as PostgreSQL writes it. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,18}))?)?)? ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
/** What JavaScript prints: `Wed Oct 01 2025 00:00:00 GMT+0000 (…)`, `Wed, 01 Oct 2025 00:00:00 GMT`. */
const PRINTED =
  /^[A-Z][a-z]{2},? (?:([A-Z][a-z]{2}) (\d{2})|(\d{2}) ([A-Z][a-z]{2})) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT([+-]\d{4})?(?: \(.{1,60}\))?$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Unix times by their size, from 1973 on: seconds, milliseconds, microseconds, nanoseconds. */
const UNITS = [
  { from: 1e8, below: 1e11, milliseconds: 1000 },
  { from: 1e11, below: 1e14, milliseconds: 1 },
  { from: 1e14, below: 1e17, milliseconds: 1e-3 },
  { from: 1e17, below: 1e20, milliseconds: 1e-6 },
];

/**
 * A moment in ISO 8601, UTC, with milliseconds: out of a Unix time (as number or text), an ISO time without a zone, which
 * is meant as UTC, a date, or what JavaScript prints. Anything else stays, for the contract to refuse: a day that does not
 * exist, and times that could mean one day or another, are nobody's to mend.
 */
export function plainTime(value: unknown): unknown {
  if (typeof value === "number") return fromUnix(value) ?? value;
  if (typeof value !== "string" || FINE.test(value)) return value;
  const text = value.trim();
  if (/^\d{9,19}(?:\.\d+)?$/.test(text)) return fromUnix(Number(text)) ?? value;
  return fromIso(text) ?? fromPrinted(text) ?? value;
}

function fromUnix(value: number): string | undefined {
  const unit = UNITS.find(({ from, below }) => value >= from && value < below);
  return unit === undefined ? undefined : iso(Math.floor(value * unit.milliseconds + 1e-6));
}

function fromIso(text: string): string | undefined {
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] =
    ISO.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return moment([year, month, day, hour, minute, second], fraction.slice(0, 3), zone);
}

function fromPrinted(text: string): string | undefined {
  const [, month1, day1, day2, month2, year = "", hour = "", minute = "", second = "", zone = "Z"] =
    PRINTED.exec(text) ?? [];
  const month = MONTHS.indexOf(month1 ?? month2 ?? "") + 1;
  if (month === 0) return undefined;
  const fields = [year, String(month).padStart(2, "0"), day1 ?? day2 ?? "", hour, minute, second];
  return moment(fields, "", zone);
}

/** @returns undefined where there is no such moment: `Date` would take the 30th of February for the 2nd of March. */
function moment(fields: readonly string[], fraction: string, zone: string): string | undefined {
  const [year, month, day, hour, minute, second] = fields;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0")}Z`;
  if (iso(local) !== local) return undefined;
  const [, sign, hours = "00", minutes = "00"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return local;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return iso(`${local.slice(0, -1)}${sign}${hours}:${minutes}`);
}

function iso(value: string | number): string | undefined {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
