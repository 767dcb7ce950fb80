import { z } from "zod";
import { newId } from "../platform/new-id.ts";
import { closeTrade, type OpenTrade, openTrade } from "./account.ts";
import { type PlaygroundApi, RefusedError } from "./playground-api.ts";
import type { Decision, MarketView, Strategy } from "./strategy.ts";

const STARTING_BALANCE = "10000";
const SOURCE = "house bots";
/** Also without a trade, so that the equity curve follows the prices. */
const REPORT_EVERY_MS = 10_000;

/** Newest prices as exact text, by symbol. */
export type Prices = ReadonlyMap<string, string>;

const openTrades = z.object({
  trades: z.array(
    z.object({
      id: z.string(),
      symbol: z.string(),
      side: z.enum(["buy", "sell"]),
      qty: z.string(),
      price: z.string(),
      fee: z.string(),
      timestamp: z.string(),
    }),
  ),
});
const leaderboard = z.object({
  leaderboard: z.array(z.object({ model: z.string(), ledger_equity: z.string() })),
});

/** One house bot: it asks its strategy once a second and reports what it does, like any other model. */
export class Bot {
  readonly #api: PlaygroundApi;
  readonly #strategy: Strategy;
  readonly #open = new Map<string, OpenTrade>();
  #balance = STARTING_BALANCE;
  #reportedAt = 0;

  private constructor(api: PlaygroundApi, strategy: Strategy) {
    this.#api = api;
    this.#strategy = strategy;
  }

  /** A bot that goes on from what the playground knows of it. */
  static async resume(api: PlaygroundApi, strategy: Strategy): Promise<Bot> {
    const bot = new Bot(api, strategy);
    const model = encodeURIComponent(strategy.model);
    const { trades } = await api.get(
      `/api/trades?model=${model}&status=open&limit=1000&decimals=string`,
      openTrades,
    );
    for (const { timestamp, ...trade } of trades) {
      bot.#open.set(trade.symbol, { ...trade, openedAt: Date.parse(timestamp) });
    }
    // Not what it last reported: a bot that was killed may have closed a trade after that.
    const { leaderboard: rows } = await api.get("/api/leaderboard?decimals=string", leaderboard);
    const known = rows.find((row) => row.model === strategy.model);
    if (known !== undefined) bot.#balance = known.ledger_equity;
    await bot.#report(Date.now());
    return bot;
  }

  /** Does what the strategy wants now. @throws where the playground cannot be reached or refuses. */
  async step(market: MarketView, prices: Prices, now = Date.now()): Promise<void> {
    const holdings = [...this.#open.values()].map(({ symbol, side, openedAt }) => ({
      symbol,
      side,
      seconds: (now - openedAt) / 1000,
    }));
    const decisions = this.#strategy.decide(market, holdings, Math.random);
    for (const decision of decisions) {
      const price = prices.get(decision.symbol);
      if (price === undefined) continue;
      if (decision.action === "open") await this.#enter(decision, price, now);
      else await this.#leave(decision, price, now);
    }
    if (decisions.length > 0 || now - this.#reportedAt >= REPORT_EVERY_MS) await this.#report(now);
  }

  async #enter(decision: Decision & { action: "open" }, price: string, now: number): Promise<void> {
    const { symbol, side, note } = decision;
    const trade = openTrade({ ...decision, id: newId() }, price, this.#balance, now);
    if (trade === undefined || this.#open.has(symbol)) return;
    const { id, qty, fee } = trade;
    const openedAt = new Date(now).toISOString();
    await this.#api.send("POST", "/api/trades", {
      ...{ id, model: this.#strategy.model, symbol, side, qty, price, fee, note },
      ...{ status: "open", timestamp: openedAt, opened_at: openedAt },
    });
    this.#open.set(symbol, trade);
    await this.#say(symbol, `${side === "buy" ? "Bullish" : "Bearish"} on ${symbol}: ${note}`, id);
  }

  async #leave({ symbol, note }: Decision, price: string, now: number): Promise<void> {
    const trade = this.#open.get(symbol);
    if (trade === undefined) return;
    const { pnl, fee, balance } = closeTrade(trade, price, this.#balance);
    const closedAt = new Date(now).toISOString();
    try {
      await this.#api.send("PATCH", `/api/trades/${encodeURIComponent(trade.id)}`, {
        ...{ exit_price: price, pnl, fee, closed_at: closedAt, status: "closed" },
      });
    } catch (error) {
      // The first try may have got through although its answer did not.
      if (!(error instanceof RefusedError && error.status === 409)) throw error;
    }
    this.#open.delete(symbol);
    this.#balance = balance;
    const outcome = pnl.startsWith("-") ? "a loss" : "a gain";
    await this.#say(symbol, `Out of ${symbol} with ${outcome}. ${note}`, `${trade.id}-out`);
  }

  async #say(symbol: string, text: string, key: string): Promise<void> {
    const { model } = this.#strategy;
    await this.#api.send("POST", "/api/sentiment", { text, symbol, source: SOURCE, model }, key);
  }

  async #report(now: number): Promise<void> {
    this.#reportedAt = now;
    const positions = [...this.#open.values()].map(({ symbol, side, qty, price }) => ({
      symbol,
      qty: side === "buy" ? qty : `-${qty}`,
      avg_price: price,
    }));
    await this.#api.send("POST", "/api/portfolio", {
      model: this.#strategy.model,
      balance: this.#balance,
      positions,
    });
  }
}
