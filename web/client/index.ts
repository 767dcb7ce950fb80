export {
  type ClientEvents,
  type ClientOptions,
  type ClientState,
  createPlaygroundClient,
  type PlaygroundClient,
} from "./client.ts";
export type * from "./wire.ts";
