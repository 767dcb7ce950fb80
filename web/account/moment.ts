const FORMAT = new Intl.DateTimeFormat("en-US", {
  dateStyle: "medium",
  timeStyle: "short",
  hourCycle: "h23",
});

/** Date and time in the reader's own zone. @param iso ISO 8601. */
export const moment = (iso: string): string => FORMAT.format(new Date(iso));
