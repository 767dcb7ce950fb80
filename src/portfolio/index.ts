export { openLedger } from "./open-ledger.ts";
export { portfolioRoutes } from "./routes.ts";
export { comparePortfolios, takeOverPortfolio, verifyPortfolios } from "./take-over-portfolio.ts";
export type { PriceBook } from "./valuation.ts";
