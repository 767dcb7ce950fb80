import { exchangeFeed } from "./exchange.ts";
import type { Feed } from "./feed.ts";
import { replayFeed } from "./replay.ts";
import { simulatedFeed } from "./simulated.ts";

/** The setting PRICE_FEED. */
export type FeedSetting =
  | { kind: "none" }
  | { kind: "simulated" }
  | { kind: "replay"; file: string; speed: number }
  | { kind: "exchange"; id: string };

/** The feed that the setting asks for; undefined for `none`. */
export function chooseFeed(setting: FeedSetting): Feed | undefined {
  switch (setting.kind) {
    case "none":
      return undefined;
    case "simulated":
      return simulatedFeed();
    case "replay":
      return replayFeed(setting.file, setting.speed);
    case "exchange":
      return exchangeFeed(setting.id);
  }
}
