import type { Express } from "express";
import { postedPrices } from "../contracts/market.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import { type PriceBoard, quotesOf } from "./price-board.ts";

const PRICES_BYTES = 256 * 1024;

export function marketRoutes(app: Express, board: PriceBoard): void {
  app.post("/api/market/prices", async (request, response) => {
    const posted = validate(postedPrices, await readJson(request, PRICES_BYTES));
    const accepted = board.post(quotesOf(posted));
    sendJson(request, response, 202, `{"success":true,"accepted":${accepted.length}}`);
  });
}
