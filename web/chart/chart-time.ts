import { TickMarkType, type Time, type UTCTimestamp } from "lightweight-charts";

const LOCALE = "en-US";
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LOCALE, { hourCycle: "h23", ...options });
const YEAR = format({ year: "numeric" });
const MONTH = format({ month: "short", year: "numeric" });
const DAY = format({ month: "short", day: "numeric" });
const MINUTE = format({ hour: "2-digit", minute: "2-digit" });
const SECOND = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const WHOLE = format({
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

const BY_TYPE: Record<TickMarkType, Intl.DateTimeFormat> = {
  [TickMarkType.Year]: YEAR,
  [TickMarkType.Month]: MONTH,
  [TickMarkType.DayOfMonth]: DAY,
  [TickMarkType.Time]: MINUTE,
  [TickMarkType.TimeWithSeconds]: SECOND,
};

/** Our charts count in whole Unix seconds. @param ms Unix milliseconds. */
export function chartTime(ms: number): UTCTimestamp {
  return Math.floor(ms / 1000) as UTCTimestamp;
}

const msOf = (time: Time) => (time as UTCTimestamp) * 1000;

/** A time on the axis, in the reader's own zone: the library itself knows only UTC. */
export function axisTime(time: Time, type: TickMarkType): string {
  return BY_TYPE[type].format(msOf(time));
}

/** The time under the crosshair, in the reader's own zone. */
export function wholeTime(time: Time): string {
  return WHOLE.format(msOf(time));
}
