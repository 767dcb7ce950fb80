import type { Express } from "express";
import {
  candlesQuery,
  marketQuery,
  marketsQuery,
  type PostedPrices,
  postedPrices,
} from "../contracts/market.ts";
import { notFound } from "../platform/errors.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import { candlesText, marketsText, marketText } from "./answers.ts";
import type { Tick } from "./feeds/feed.ts";
import type { PriceBoard } from "./price-board.ts";

const PRICES_BYTES = 256 * 1024;

/** @param post takes posted prices; answers how many were taken. */
export function marketRoutes(app: Express, board: PriceBoard, post: (ticks: Tick[]) => number): void {
  app.get("/api/market", (request, response) => {
    const { symbol } = validQuery(marketQuery, request);
    sendJson(request, response, 200, found(marketText(board, symbol), symbol));
  });
  app.get("/api/markets", (request, response) => {
    validQuery(marketsQuery, request);
    sendJson(request, response, 200, marketsText(board));
  });
  app.get("/api/market/candles", (request, response) => {
    const { symbol, interval, limit } = validQuery(candlesQuery, request);
    sendJson(request, response, 200, found(candlesText(board, symbol, interval, limit), symbol));
  });
  app.post("/api/market/prices", async (request, response) => {
    const posted = validate(postedPrices, await readJson(request, PRICES_BYTES));
    const accepted = post(ticksOf(posted));
    sendJson(request, response, 202, `{"success":true,"accepted":${accepted}}`);
  });
}

/** Ticks out of a request; a price without a time is of now. */
function ticksOf(posted: PostedPrices, now = Date.now()): Tick[] {
  return posted.prices.map(({ symbol, price, volume, timestamp }) => ({
    symbol,
    price,
    volume: volume ?? null,
    tradedAt: timestamp === undefined ? now : Date.parse(timestamp),
  }));
}

function found(text: string | undefined, symbol: string): string {
  if (text === undefined) throw notFound(`There is no price of ${symbol}.`);
  return text;
}
