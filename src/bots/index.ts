export { type PlaygroundApi, playgroundApi, RefusedError } from "./playground-api.ts";
export { runBots } from "./run-bots.ts";
