export { closeTrade } from "./close-trade.ts";
export { compareTrades } from "./compare-trades.ts";
export type { TradesContext } from "./context.ts";
export { withoutGuard } from "./csv-cell.ts";
export { CSV_COLUMNS } from "./export-trades.ts";
export { recordTrades } from "./record-trades.ts";
export { tradeRoutes } from "./routes.ts";
