import { hashOf } from "./hash.ts";

/** How a symbol is shown. */
export interface Coin {
  id: string;
  name: string;
  /** `#rrggbb` */
  color: string;
}

const KNOWN = new Map<string, Coin>([
  ["BTC", { id: "bitcoin", name: "Bitcoin", color: "#f7931a" }],
  ["ETH", { id: "ethereum", name: "Ethereum", color: "#627eea" }],
  ["SOL", { id: "solana", name: "Solana", color: "#9945ff" }],
  ["BNB", { id: "binancecoin", name: "BNB", color: "#f3ba2f" }],
  ["DOGE", { id: "dogecoin", name: "Dogecoin", color: "#c2a633" }],
  ["XRP", { id: "ripple", name: "XRP", color: "#00aae4" }],
  ["ADA", { id: "cardano", name: "Cardano", color: "#0033ad" }],
  ["AVAX", { id: "avalanche-2", name: "Avalanche", color: "#e84142" }],
  ["DOT", { id: "polkadot", name: "Polkadot", color: "#e6007a" }],
  ["LINK", { id: "chainlink", name: "Chainlink", color: "#2a5ada" }],
  ["LTC", { id: "litecoin", name: "Litecoin", color: "#345d9d" }],
  ["TRX", { id: "tron", name: "TRON", color: "#ff060a" }],
]);

/** A symbol nobody has described gets its own name and a colour that stays the same. */
export function coinOf(symbol: string): Coin {
  return KNOWN.get(symbol) ?? { id: symbol.toLowerCase(), name: symbol, color: colorOf(symbol) };
}

function colorOf(symbol: string): string {
  const hue = hashOf(symbol) * 360;
  const channel = (offset: number) => {
    // HSL to RGB with saturation 0.65 and lightness 0.5.
    const place = (offset + hue / 30) % 12;
    const value = 0.5 - 0.325 * Math.max(-1, Math.min(place - 3, 9 - place, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
