import type { Express, Request } from "express";
import { isoNow } from "../contracts/clock.ts";
import { bulkTrades, newTrade, tradeClose, tradeFilter } from "../contracts/trades.ts";
import { idempotencyKey } from "../platform/http/idempotency-key.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import { closeTrade } from "./close-trade.ts";
import type { TradesContext } from "./context.ts";
import { countExports } from "./count-exports.ts";
import { exportTrades } from "./export-trades.ts";
import { findTrade } from "./find-trade.ts";
import { tradePageText } from "./list-trades.ts";
import { rarePairs } from "./rare-pairs.ts";
import { recordTrade, rowText } from "./record-trade.ts";
import { recordTrades } from "./record-trades.ts";

const TRADE_BYTES = 64 * 1024;
/** A thousand of the largest trades: a note of 2000 characters at three bytes, and 4 kB of meta. */
const BULK_BYTES = 12 * 1024 * 1024;

export function tradeRoutes(app: Express, context: TradesContext): void {
  const countExport = countExports(context.exports ?? { maxExports: 0, exportsPerAddress: 0 });
  const findRarePair = rarePairs(context.database);

  app.post("/api/trades", async (request, response) => {
    const sent = validate(newTrade, await readJson(request, TRADE_BYTES));
    const writer = context.mayWrite?.(request, [sent.model]);
    const { text, repeated } = await recordTrade(context, sent, idempotencyKey(request), writer);
    sendJson(
      request,
      response,
      repeated ? 200 : 201,
      `{"success":true,"trade":${text},"timestamp":"${isoNow()}"}`,
    );
  });

  app.get("/api/trades", async (request, response) => {
    const filter = validQuery(tradeFilter, request);
    if (wantsCsv(request, filter.format)) {
      await exportTrades(context.database, countExport, filter, response);
      return;
    }
    const page = await context.answers.get("trades", JSON.stringify(filter), () =>
      tradePageText(context.database, findRarePair, filter),
    );
    sendJson(request, response, 200, `${page},"timestamp":"${isoNow()}"}`);
  });

  app.post("/api/trades/bulk", async (request, response) => {
    const { trades } = validate(bulkTrades, await readJson(request, BULK_BYTES));
    const writer = context.mayWrite?.(
      request,
      trades.map(({ model }) => model),
    );
    const { texts, repeated } = await recordTrades(context, trades, idempotencyKey(request), writer);
    const all = texts();
    const status = repeated === trades.length ? 200 : 201;
    const body = `{"success":true,"trades":[${all.join(",")}],"count":${all.length},"repeated":${repeated},"timestamp":"${isoNow()}"}`;
    sendJson(request, response, status, body);
  });

  app.get("/api/trades/:id", async (request, response) => {
    sendJson(request, response, 200, rowText(await findTrade(context.database, request.params.id)));
  });

  app.patch("/api/trades/:id", async (request, response) => {
    const close = validate(tradeClose, await readJson(request, TRADE_BYTES));
    const text = await closeTrade(context, request.params.id, close, (model) =>
      context.mayWrite?.(request, [model]),
    );
    sendJson(request, response, 200, `{"success":true,"trade":${text},"timestamp":"${isoNow()}"}`);
  });
}

function wantsCsv(request: Request, format: "json" | "csv" | undefined): boolean {
  if (format !== undefined) return format === "csv";
  const accept = request.headers.accept?.toLowerCase();
  return accept?.includes("text/csv") === true && request.accepts(["json", "text/csv"]) === "text/csv";
}
