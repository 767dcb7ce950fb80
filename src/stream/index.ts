export { Hub } from "./hub.ts";
export { LiveValues } from "./live.ts";
export { streamRoutes } from "./routes.ts";
export { openStream, type Stream } from "./stream.ts";
