export { PortfolioPointRow, PortfolioRow } from "./portfolio.ts";
export { portfolioRoutes } from "./routes.ts";
