import type { Strategy } from "../strategy.ts";
import { breakout } from "./breakout.ts";
import { buyAndHold } from "./buy-and-hold.ts";
import { coinFlip } from "./coin-flip.ts";
import { meanReversion } from "./mean-reversion.ts";
import { momentum } from "./momentum.ts";

/** The house bots, one strategy a file. */
export const STRATEGIES: readonly Strategy[] = [momentum, meanReversion, breakout, buyAndHold, coinFlip];
