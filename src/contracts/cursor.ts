import { z } from "./zod.ts";

/** Where a newest-first page ended: the last row's time (ISO 8601, milliseconds) and id. */
export interface PageCursor {
  time: string;
  id: string;
}

const shape = z.tuple([z.iso.datetime(), z.string().max(100)]);

export function encodeCursor(cursor: PageCursor): string {
  return Buffer.from(JSON.stringify([cursor.time, cursor.id])).toString("base64url");
}

/** @returns undefined where the text is no cursor of ours. */
function decodeCursor(text: string): PageCursor | undefined {
  try {
    const [time, id] = shape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return id.includes("\0") || !id.isWellFormed() || time.startsWith("0000") ? undefined : { time, id };
  } catch {
    return undefined;
  }
}

/** The `cursor` of a query, parsed. */
export const pageCursor = z
  .string()
  .max(400)
  .transform((text, context) => {
    const cursor = decodeCursor(text);
    if (cursor !== undefined) return cursor;
    context.addIssue("must be the next_cursor of an earlier page");
    return z.NEVER;
  })
  .openapi({ type: "string", description: "next_cursor of the page before" });

const MAX_NAME = 400;

/** The cursor of the page that begins after a name. */
export const encodeNameCursor = (name: string): string =>
  Buffer.from(JSON.stringify([name])).toString("base64url");

const nameShape = z.tuple([z.string().min(1).max(MAX_NAME)]);

/** The `cursor` of a list by name: the name after which the page begins. */
export const nameCursor = z
  .string()
  .max(4 * MAX_NAME)
  .transform((text, context) => {
    try {
      const [name] = nameShape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
      if (!name.includes("\0") && name.isWellFormed()) return name;
    } catch {
      // Said below.
    }
    context.addIssue("must be the next_cursor of an earlier page");
    return z.NEVER;
  })
  .openapi({ type: "string", description: "next_cursor of the page before" });
