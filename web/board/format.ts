// Figures are in one fixed spelling, so that a board reads the same for everyone who looks at it.
const LOCALE = "en-US";
const TOO_LONG = 1e9;
const SMALLEST = 1e-6;
const MINUS = "\u2212";

const fixed = (digits: number) =>
  new Intl.NumberFormat(LOCALE, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // What rounds to zero has no sign.
    signDisplay: "negative",
  });
const TWO_DIGITS = fixed(2);
const FOUR_DIGITS = fixed(4);
const ONE_DIGIT = fixed(1);
const SMALL = new Intl.NumberFormat(LOCALE, { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
const PLAIN = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const FINE = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 6 });
const COMPACT = new Intl.NumberFormat(LOCALE, {
  notation: "compact",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const ABSOLUTE = new Intl.DateTimeFormat(LOCALE, {
  dateStyle: "medium",
  timeStyle: "long",
  hourCycle: "h23",
});

const withMinus = (text: string) => text.replaceAll("-", MINUS);

/** Fits a column at any size: what is far too large or too small gets a unit or an exponent. */
function fitted(value: number, format: Intl.NumberFormat): string {
  const size = Math.abs(value);
  if (size >= 1e15) return withMinus(value.toExponential(2));
  // Coins are traded at such prices: two that differ must not read the same.
  if (size > 0 && size < SMALLEST) return withMinus(value.toExponential(5));
  return withMinus((size >= TOO_LONG ? COMPACT : format).format(value));
}

/** An amount in the quote currency: 12,345.67 */
export function money(value: number): string {
  return Math.abs(value) < SMALLEST ? TWO_DIGITS.format(0) : fitted(value, TWO_DIGITS);
}

/** A price a unit, with as many digits as its size needs: 65,000.00, 0.1234, 0.00001234, 1.23457e−7 */
export function price(value: number): string {
  const size = Math.abs(value);
  return fitted(value, size >= 100 ? TWO_DIGITS : size >= 1 ? FOUR_DIGITS : SMALL);
}

/** A number of units: 0.5, 12,000 */
export function quantity(value: number): string {
  return fitted(value, Math.abs(value) >= 1000 ? PLAIN : FINE);
}

/** A gain or loss with its sign: +12.50, −3.00, 0.00 */
export function signed(value: number, format: (value: number) => string = money): string {
  const text = format(value);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function percent(value: number): string {
  return `${signed(value, (amount) => withMinus(TWO_DIGITS.format(amount)))} %`;
}

/** The same without the plus sign, for where that is put already. */
export function percentSize(value: number): string {
  return percent(value).replace("+", "");
}

/** A share of all, 0–100: 56.5 % */
export function share(value: number): string {
  return `${ONE_DIGIT.format(value)} %`;
}

/** Date and time in the reader's own zone, with the zone's name. */
export function absoluteTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : ABSOLUTE.format(time);
}

const STEPS = [
  { unit: "s", ms: 1000, upTo: 60_000 },
  { unit: "min", ms: 60_000, upTo: 3_600_000 },
  { unit: "h", ms: 3_600_000, upTo: 172_800_000 },
  { unit: "d", ms: 86_400_000, upTo: 63_115_200_000 },
  { unit: "y", ms: 31_557_600_000, upTo: Number.POSITIVE_INFINITY },
] as const;

/** How long ago, in one short unit: now, 12 s, 3 min, 5 h, 9 d, 3 y; `in 5 min` where a clock runs ahead. */
export function relativeTime(iso: string, now: number): string {
  const age = now - Date.parse(iso);
  if (Number.isNaN(age)) return "–";
  const size = Math.abs(age);
  if (size < 2000) return "now";
  const step = STEPS.find(({ upTo }) => size < upTo) ?? STEPS[4];
  const text = `${Math.floor(size / step.ms)} ${step.unit}`;
  return age < 0 ? `in ${text}` : text;
}
