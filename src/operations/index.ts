export { adminRoutes } from "./admin-routes.ts";
export { createErrorLog, type ErrorLog } from "./error-log.ts";
export { createMetrics } from "./metrics.ts";
export { operationsRoutes, type Readiness } from "./routes.ts";
