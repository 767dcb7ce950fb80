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

/** The filter stands in the page's address, so that a view can be kept and passed on. */
export function filterFromAddress(): TradeFilter {
  const query = new URLSearchParams(location.search);
  const side = query.get("side") ?? "";
  return {
    model: query.get("model") ?? "",
    symbol: (query.get("symbol") ?? "").toUpperCase(),
    side: side === "buy" || side === "sell" ? side : "",
  };
}

export function filterToAddress(filter: TradeFilter): void {
  const chosen = FILTER_FIELDS.filter((field) => filter[field] !== "").map((field) => [field, filter[field]]);
  const query = new URLSearchParams(chosen).toString();
  history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
}
