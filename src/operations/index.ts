export { adminRoutes } from "./admin-routes.ts";
export { createErrorLog } from "./error-log.ts";
export { createMetrics } from "./metrics.ts";
export { operationsRoutes, type Readiness } from "./routes.ts";
