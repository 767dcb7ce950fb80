import type { Express } from "express";
import { isoNow } from "../contracts/clock.ts";
import { analyticsQuery, leaderboardQuery } from "../contracts/leaderboard.ts";
import { validQuery } from "../platform/http/query.ts";
import { sendJson } from "../platform/http/respond.ts";
import type { Analytics } from "./read-analytics.ts";
import type { ReadFresh } from "./read-fresh.ts";

export interface LeaderboardReads {
  readFresh: ReadFresh;
  /** All rows as JSON texts, comma separated; the board must be readable. */
  rowsText(): string;
  asOf(): number;
  analytics: Analytics;
}

export function leaderboardRoutes(app: Express, reads: LeaderboardReads): void {
  app.get("/api/leaderboard", async (request, response) => {
    validQuery(leaderboardQuery, request);
    const text = await reads.readFresh(
      () => `{"leaderboard":[${reads.rowsText()}],"as_of_seq":${reads.asOf()},"timestamp":"${isoNow()}"}`,
    );
    sendJson(request, response, 200, text);
  });

  app.get("/api/models/:model/analytics", async (request, response) => {
    validQuery(analyticsQuery, request);
    sendJson(request, response, 200, await reads.analytics.read(request.params.model));
  });
}
