import { z } from "./zod.ts";

/**
 * The `cursor` of a query, parsed.
 * @param most how long its text may be.
 * @param read the place that stands in it, unpacked; undefined where that is no place, which it may also throw at.
 */
function cursorOf<Place>(most: number, read: (unpacked: string) => Place | undefined) {
  return z
    .string()
    .max(most)
    .transform((text, context) => {
      try {
        const place = read(Buffer.from(text, "base64url").toString("utf8"));
        if (place !== undefined) return place;
      } catch {
        // Said below.
      }
      context.addIssue("must be the next_cursor of an earlier page");
      return z.NEVER;
    })
    .openapi({ type: "string", description: "next_cursor of the page before" });
}

const packed = (text: string): string => Buffer.from(text).toString("base64url");
/** Whether PostgreSQL takes it. */
const isStorable = (text: string) => !text.includes("\0") && text.isWellFormed();

/** Where a newest-first page ended: the last row's time (ISO 8601, milliseconds) and id. */
export interface PageCursor {
  time: string;
  id: string;
}

const pagePlace = z.tuple([z.iso.datetime(), z.string().max(100)]);

export const encodeCursor = ({ time, id }: PageCursor): string => packed(JSON.stringify([time, id]));

export const pageCursor = cursorOf(400, (text) => {
  const [time, id] = pagePlace.parse(JSON.parse(text));
  return isStorable(id) && !time.startsWith("0000") ? { time, id } : undefined;
});

const MAX_NAME = 400;
const namePlace = z.tuple([z.string().min(1).max(MAX_NAME)]);

/** The cursor of the page that begins after a name. */
export const encodeNameCursor = (name: string): string => packed(JSON.stringify([name]));

/** Of a list by name: the name after which the page begins. */
export const nameCursor = cursorOf(4 * MAX_NAME, (text) => {
  const [name] = namePlace.parse(JSON.parse(text));
  return isStorable(name) ? name : undefined;
});

const RANK = /^r(\d{1,9})$/;

/** The cursor of the page that begins after a rank. */
export const encodeRankCursor = (rank: number): string => packed(`r${rank}`);

/** Of a ranking: the rank after which the page begins. */
export const rankCursor = cursorOf(100, (text) => {
  const rank = RANK.exec(text)?.[1];
  return rank === undefined ? undefined : Number(rank);
});
