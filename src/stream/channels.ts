import { knownModelName, symbolName } from "../contracts/common.ts";
import type { TapeEntry, TapeKind } from "../contracts/tape.ts";
import type { TapeSelection } from "../tape/index.ts";

/** What a client may listen to: durable channels come from the tape, live ones carry newest values. */
export type Channel =
  | { name: string; type: "durable"; kinds: TapeKind[]; by?: "model" | "symbol"; value?: string }
  | { name: string; type: "live"; event: string; key?: string };

/** Events that durable records are sent under, by the kind of the tape entry. */
export const EVENT_OF_KIND: Record<TapeKind, "trades" | "portfolios" | "sentiments"> = {
  trade: "trades",
  trade_close: "trades",
  portfolio: "portfolios",
  sentiment: "sentiments",
};

const KINDS: Record<string, TapeKind[]> = {
  trades: ["trade", "trade_close"],
  portfolios: ["portfolio"],
  sentiments: ["sentiment"],
};

export const LIVE_EVENTS = ["prices", "leaderboard", "news"] as const;

/** @returns undefined where there is no such channel. The name is brought to its one spelling. */
export function parseChannel(text: string): Channel | undefined {
  const parts = text.split("/");
  const [first = ""] = parts;
  if (parts.length === 1) {
    if (Object.hasOwn(KINDS, first)) return { name: first, type: "durable", kinds: KINDS[first] ?? [] };
    const isLive = LIVE_EVENTS.some((event) => event === first);
    return isLive ? { name: first, type: "live", event: first } : undefined;
  }
  const rest = (count: number) => parts.slice(count).join("/");
  if (first === "trades" && parts[1] === "symbol") return bySymbol("trades", "trades/symbol", rest(2));
  if (first === "trades" && parts[1] === "model") return byModel("trades", "trades/model", rest(2));
  if (first === "portfolios") return byModel("portfolios", "portfolios", rest(1));
  if (first === "sentiments") return bySymbol("sentiments", "sentiments", rest(1));
  if (first !== "prices") return undefined;
  const symbol = readSymbol(rest(1));
  return symbol === undefined
    ? undefined
    : { name: `prices/${symbol}`, type: "live", event: "prices", key: symbol };
}

function bySymbol(subject: string, prefix: string, text: string): Channel | undefined {
  const value = readSymbol(text);
  if (value === undefined) return undefined;
  return { name: `${prefix}/${value}`, type: "durable", kinds: KINDS[subject] ?? [], by: "symbol", value };
}

function byModel(subject: string, prefix: string, text: string): Channel | undefined {
  const value = knownModelName.safeParse(decode(text)).data;
  if (value === undefined || text.includes("/")) return undefined;
  const name = `${prefix}/${encodeURIComponent(value)}`;
  return { name, type: "durable", kinds: KINDS[subject] ?? [], by: "model", value };
}

// A symbol may hold a slash (`BTC/USDT`), plain or encoded.
const readSymbol = (text: string) => symbolName.safeParse(decode(text)).data;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The durable channels that a tape entry belongs to, in their one spelling. */
export function channelsOf(entry: Pick<TapeEntry, "kind" | "model" | "symbol">): string[] {
  if (entry.kind === "portfolio") return ["portfolios", `portfolios/${encoded(entry.model)}`];
  if (entry.kind === "sentiment") return ["sentiments", `sentiments/${entry.symbol}`];
  return ["trades", `trades/symbol/${entry.symbol}`, `trades/model/${encoded(entry.model)}`];
}

const encodings = new Map<string, string>();

// A handful of models make nearly all entries, and encoding costs as much as the rest of the look-up.
function encoded(model: string | null): string {
  if (model === null) return "";
  const known = encodings.get(model);
  if (known !== undefined) return known;
  if (encodings.size >= 1000) encodings.clear();
  const text = encodeURIComponent(model);
  encodings.set(model, text);
  return text;
}

/** What PostgreSQL is asked for to replay these durable channels. */
export function selectionOf(channels: readonly Channel[]): TapeSelection {
  const selection: TapeSelection = { kinds: [], models: [], symbols: [] };
  for (const channel of channels) {
    if (channel.type !== "durable") continue;
    for (const kind of channel.kinds) {
      if (channel.value === undefined) selection.kinds.push(kind);
      else if (channel.by === "model") selection.models.push({ kind, model: channel.value });
      else selection.symbols.push({ kind, symbol: channel.value });
    }
  }
  return selection;
}

/** Whether one of a view's durable channels holds the entry. */
export function matchesAny(names: ReadonlySet<string>, entry: TapeEntry): boolean {
  return channelsOf(entry).some((name) => names.has(name));
}
