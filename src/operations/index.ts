export { createMetrics } from "./metrics.ts";
export { operationsRoutes, type Readiness } from "./routes.ts";
