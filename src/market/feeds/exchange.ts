import type { Feed, FeedContext, Tick } from "./feed.ts";

/** An exchange of which nothing is heard for so long, over all symbols, is connected anew. */
const SILENT_MS = 60_000;
/** What our symbols are traded against, in order of preference. */
const QUOTE_CURRENCIES = ["USDT", "USD", "USDC"];
const CCXT = "ccxt";

interface Trade {
  timestamp: number | undefined;
  price: number;
  amount: number | undefined;
}

interface Ticker {
  timestamp: number | undefined;
  last: number | undefined;
}

/** The part of a ccxt.pro exchange that is used here. */
interface Exchange {
  has: Record<string, boolean | string | undefined>;
  markets: Record<string, unknown>;
  loadMarkets(): Promise<unknown>;
  watchTrades(symbol: string): Promise<Trade[]>;
  watchTicker(symbol: string): Promise<Ticker>;
  close(): Promise<void>;
}

type ExchangeClass = new (options: Record<string, unknown>) => Exchange;

/**
 * Live trades of a public exchange over its WebSocket, through ccxt (https://docs.ccxt.com), which is loaded only here
 * and installed only by whom wants it. A symbol without a `/` is taken against USDT, USD or USDC, whichever the
 * exchange lists first.
 * @param id ccxt's name of the exchange, such as `binance`.
 * @param settings handed to ccxt over its own.
 */
export function exchangeFeed(id: string, settings: Record<string, unknown> = {}): Feed {
  return {
    name: id,
    async check() {
      await loadExchange(id);
    },
    async run(context) {
      const Exchange = await loadExchange(id);
      const exchange = new Exchange({ newUpdates: true, enableRateLimit: true, ...settings });
      const close = () => void exchange.close().catch(() => {});
      context.signal.addEventListener("abort", close);
      try {
        await exchange.loadMarkets();
        await watch(exchange, marketsOf(exchange, context.symbols), context);
      } finally {
        context.signal.removeEventListener("abort", close);
        await exchange.close().catch(() => {});
      }
    },
  };
}

async function loadExchange(id: string): Promise<ExchangeClass> {
  const setting = `The setting PRICE_FEED=exchange:${id} cannot be used`;
  const ccxt = await importCcxt().catch((error: unknown) => {
    const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    const reason = isMissing ? "it needs ccxt, which is not installed (npm install ccxt)" : String(error);
    throw new Error(`${setting}: ${reason}.`);
  });
  const found = Object.hasOwn(ccxt.pro, id) ? ccxt.pro[id] : undefined;
  if (found === undefined) throw new Error(`${setting}: ccxt has no WebSocket exchange of that name.`);
  return found;
}

async function importCcxt(): Promise<{ pro: Record<string, ExchangeClass> }> {
  // By a name in a variable, so that neither the compiler nor the build asks for a package that may be missing.
  return (await import(CCXT)) as { pro: Record<string, ExchangeClass> };
}

/** The exchange's market → our symbol. */
function marketsOf(exchange: Exchange, symbols: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const symbol of symbols) {
    const names = symbol.includes("/") ? [symbol] : QUOTE_CURRENCIES.map((quote) => `${symbol}/${quote}`);
    const market = names.find((name) => exchange.markets[name] !== undefined);
    if (market !== undefined) found.set(market, symbol);
  }
  if (found.size === 0) throw new Error(`the exchange lists none of ${symbols.join(", ")}`);
  return found;
}

/** Hands over what the exchange sends, until it fails, falls silent or is closed. */
async function watch(
  exchange: Exchange,
  markets: Map<string, string>,
  { signal, emit }: FeedContext,
): Promise<void> {
  let heardAt = performance.now();
  const take = (ticks: Tick[]) => {
    heardAt = performance.now();
    emit(ticks);
  };
  const forever = async (next: () => Promise<Tick[]>) => {
    while (!signal.aborted) take(await next());
  };

  // A call for many symbols gives the trades of one and keeps back what came for the others at the same moment.
  const loops = [...markets].map(([market, symbol]) =>
    exchange.has.watchTrades === true
      ? forever(async () => (await exchange.watchTrades(market)).map((trade) => tradeTick(symbol, trade)))
      : forever(async () => tickerTicks(symbol, await exchange.watchTicker(market))),
  );
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (performance.now() - heardAt > SILENT_MS) reject(new Error("the exchange has fallen silent"));
    }, SILENT_MS / 10).unref();
  });
  try {
    await Promise.race([silence, ...loops]);
  } finally {
    clearInterval(timer);
  }
}

function tradeTick(symbol: string, { price, amount, timestamp }: Trade): Tick {
  return { symbol, price, volume: amount ?? null, tradedAt: timestamp ?? Date.now() };
}

function tickerTicks(symbol: string, { last, timestamp }: Ticker): Tick[] {
  if (last === undefined) return [];
  return [{ symbol, price: last, volume: null, tradedAt: timestamp ?? Date.now() }];
}
