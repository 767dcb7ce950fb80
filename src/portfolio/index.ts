export { PortfolioPointRow, PortfolioRow } from "./portfolio.ts";
export { portfolioRoutes } from "./routes.ts";
export { type PriceBook, valuate } from "./valuation.ts";
