import type { Express } from "express";
import { isoNow } from "../contracts/clock.ts";
import { encodeNameCursor } from "../contracts/cursor.ts";
import {
  type PortfolioReport,
  portfolioHistoryQuery,
  portfolioQuery,
  portfolioReport,
} from "../contracts/portfolio.ts";
import { validationError } from "../platform/errors.ts";
import { idempotencyKey } from "../platform/http/idempotency-key.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import type { PortfolioContext } from "./context.ts";
import { keepHistories } from "./keep-histories.ts";
import { readHistory } from "./read-history.ts";
import { readPortfolio, readPortfolios } from "./read-portfolios.ts";
import { reportPortfolio } from "./report-portfolio.ts";
import { portfolioWrite } from "./write-kind.ts";

const PORTFOLIO_BYTES = 256 * 1024;

export function portfolioRoutes(app: Express, context: PortfolioContext): void {
  const kind = portfolioWrite(context.prices);
  const readModelHistory = keepHistories(context.database);

  app.post("/api/portfolio", async (request, response) => {
    const sent = validate(portfolioReport, await readJson(request, PORTFOLIO_BYTES));
    refuseManyPositions(sent, context.maxPositions);
    const writer = context.mayWrite?.(request, [sent.model]);
    const { text } = await reportPortfolio(context, kind, sent, idempotencyKey(request), writer);
    sendJson(request, response, 200, `{"success":true,"portfolio":${text},"timestamp":"${isoNow()}"}`);
  });

  app.get("/api/portfolio", async (request, response) => {
    const { model, limit, cursor = "" } = validQuery(portfolioQuery, request);
    if (model !== undefined) {
      sendJson(request, response, 200, await readPortfolio(context, model));
      return;
    }
    const { texts, next } = await readPortfolios(context, cursor, limit);
    const nextCursor = next === undefined ? "null" : `"${encodeNameCursor(next)}"`;
    const body = `{"portfolios":[${texts.join(",")}],"count":${texts.length},"next_cursor":${nextCursor},"timestamp":"${isoNow()}"}`;
    sendJson(request, response, 200, body);
  });

  app.get("/api/portfolio/history", async (request, response) => {
    const query = validQuery(portfolioHistoryQuery, request);
    sendJson(request, response, 200, await readHistory(readModelHistory, query));
  });
}

/** Each position is valued with every price that comes. @throws AppError 400 */
function refuseManyPositions({ positions = [] }: PortfolioReport, most: number): void {
  if (positions.length <= most) return;
  const message = `must hold at most ${most} positions (MAX_POSITIONS_PER_PORTFOLIO), not ${positions.length}`;
  throw validationError(`positions ${message}.`, [{ path: "positions", message }]);
}
