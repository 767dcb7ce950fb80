import type { Express } from "express";
import { isoNow } from "../contracts/clock.ts";
import { encodeRankCursor } from "../contracts/cursor.ts";
import { analyticsQuery, leaderboardQuery } from "../contracts/leaderboard.ts";
import { validQuery } from "../platform/http/query.ts";
import { sendJson } from "../platform/http/respond.ts";
import type { ReadFresh } from "./board/read-fresh.ts";
import type { Place } from "./ranking.ts";
import type { Analytics } from "./read-analytics.ts";

export interface LeaderboardReads {
  readFresh: ReadFresh;
  /** All places in rank order; the board must be readable. */
  places(): readonly Place[];
  asOf(): number;
  analytics: Analytics;
}

export function leaderboardRoutes(app: Express, reads: LeaderboardReads): void {
  app.get("/api/leaderboard", async (request, response) => {
    const { limit, cursor = 0 } = validQuery(leaderboardQuery, request);
    const text = await reads.readFresh(() => {
      const places = reads.places();
      const page = places.slice(cursor, cursor + limit);
      const next = cursor + page.length;
      const nextCursor = next < places.length && page.length > 0 ? `"${encodeRankCursor(next)}"` : "null";
      const rows = page.map((place) => place.text()).join(",");
      return `{"leaderboard":[${rows}],"count":${page.length},"next_cursor":${nextCursor},"as_of_seq":${reads.asOf()},"timestamp":"${isoNow()}"}`;
    });
    sendJson(request, response, 200, text);
  });

  app.get("/api/models/:model/analytics", async (request, response) => {
    validQuery(analyticsQuery, request);
    sendJson(request, response, 200, await reads.analytics.read(request.params.model));
  });
}
