import type { Express } from "express";
import { tapeQuery } from "../contracts/tape.ts";
import { validationError } from "../platform/errors.ts";
import { validQuery } from "../platform/http/query.ts";
import { sendJson } from "../platform/http/respond.ts";
import type { Database } from "../platform/postgres/database.ts";
import { type Head, readSelection, recordText, type TapeSelection } from "../tape/index.ts";
import { parseChannel, selectionOf } from "./channels.ts";
import type { Stream } from "./stream.ts";

/** How long one page may look through entries that are not asked for. */
const PAGE_BUDGET_MS = 1000;

export interface StreamRoutesContext {
  database: Database;
  readHead: () => Promise<Head>;
  stream: Stream;
}

export function streamRoutes(app: Express, { database, readHead, stream }: StreamRoutesContext): void {
  async function readPage(since: number, limit: number, selection: TapeSelection | undefined) {
    const before = await readHead();
    const deadline = Date.now() + PAGE_BUDGET_MS;
    const events: string[] = [];
    let next = since;
    while (events.length < limit && next < before.seq && Date.now() < deadline) {
      const page = await readSelection(database, selection, next, before.seq, limit - events.length);
      for (const entry of page.entries) {
        events.push(
          `{"seq":${entry.seq},"kind":"${entry.kind}","at":"${entry.at}","data":${recordText(entry)}}`,
        );
      }
      next = page.upTo;
    }
    const { oldest } = await readHead();
    // Who is ahead of the head, as after a restore, must not skip what is still to come.
    return {
      events,
      next: Math.min(next, before.seq),
      head: { ...before, oldest },
      isTrimmed: oldest > before.oldest && since + 1 < oldest,
    };
  }

  app.get("/api/tape", async (request, response) => {
    const { since, limit, channels } = validQuery(tapeQuery, request);
    const selection = channels === undefined ? undefined : readSelectionOf(channels);
    let page = await readPage(since, limit, selection);
    // What was trimmed off while it was being read would be missing without a sign.
    while (page.isTrimmed) page = await readPage(since, limit, selection);
    const { events, next, head } = page;
    const body = `{"events":[${events.join(",")}],"next_since":${next},"head":${head.seq},"oldest":${head.oldest},"epoch":${JSON.stringify(head.epoch)}}`;
    sendJson(request, response, 200, body);
  });

  app.get("/api/stream", (request, response) => stream.serveSse(request, response));
}

function readSelectionOf(text: string): TapeSelection {
  const channels = text.split(",").map((name) => ({ name, channel: parseChannel(name) }));
  const bad = channels.find(({ channel }) => channel?.type !== "durable");
  if (bad !== undefined) {
    const message = `names ${JSON.stringify(bad.name.slice(0, 100))}, which is no durable channel`;
    throw validationError(`channels ${message}.`, [{ path: "channels", message }]);
  }
  return selectionOf(channels.flatMap(({ channel }) => channel ?? []));
}
