export { startMarket } from "./start-market.ts";
