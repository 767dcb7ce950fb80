import { fromAddress, toAddress } from "../board/address.ts";
import type { Trade } from "../client/index.ts";

/** What the board shows; an empty text means any. */
export interface TradeFilter {
  model: string;
  symbol: string;
  side: string;
}

export const FILTER_FIELDS = ["model", "symbol", "side"] as const;

export function matches(filter: TradeFilter, trade: Trade): boolean {
  return FILTER_FIELDS.every((field) => filter[field] === "" || filter[field] === trade[field]);
}

export function isFiltered(filter: TradeFilter): boolean {
  return FILTER_FIELDS.some((field) => filter[field] !== "");
}

/** The filter as the page's address has it. */
export function filterFromAddress(): TradeFilter {
  const side = fromAddress("side") ?? "";
  return {
    model: fromAddress("model") ?? "",
    symbol: (fromAddress("symbol") ?? "").toUpperCase(),
    side: side === "buy" || side === "sell" ? side : "",
  };
}

export function filterToAddress(filter: TradeFilter): void {
  toAddress({ ...filter });
}
