export { PriceBoard, quoteText } from "./price-board.ts";
export { loadPrices, savePrices } from "./redis-prices.ts";
export { marketRoutes } from "./routes.ts";
