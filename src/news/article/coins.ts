/** How a coin's ticker may stand in a text: any spelling, capitals only, or only as a cashtag (`$NEAR`). */
export type TickerUse = "any" | "capitals" | "cashtag";

export interface Coin {
  symbol: string;
  ticker: TickerUse;
  /** Names in lower case match in any spelling; those with a capital only so, since in lower case they are words. */
  names: string[];
}

/** The coins that news are matched to. `$SYMBOL` names every one of them. */
export const COINS: readonly Coin[] = [
  { symbol: "BTC", ticker: "any", names: ["bitcoin", "XBT"] },
  { symbol: "ETH", ticker: "any", names: ["ethereum", "ether"] },
  { symbol: "USDT", ticker: "any", names: ["tether"] },
  { symbol: "USDC", ticker: "any", names: ["usd coin"] },
  { symbol: "BNB", ticker: "any", names: ["binance coin", "bnb chain"] },
  { symbol: "XRP", ticker: "any", names: ["Ripple", "xrp ledger"] },
  { symbol: "SOL", ticker: "capitals", names: ["solana"] },
  { symbol: "DOGE", ticker: "capitals", names: ["dogecoin"] },
  { symbol: "ADA", ticker: "capitals", names: ["cardano"] },
  { symbol: "TRX", ticker: "any", names: ["Tron", "TRON"] },
  { symbol: "AVAX", ticker: "any", names: ["Avalanche"] },
  { symbol: "SHIB", ticker: "capitals", names: ["shiba inu"] },
  { symbol: "DOT", ticker: "cashtag", names: ["polkadot"] },
  { symbol: "LINK", ticker: "cashtag", names: ["chainlink"] },
  { symbol: "NEAR", ticker: "cashtag", names: ["near protocol", "Near Foundation", "NEAR Foundation"] },
  { symbol: "ONE", ticker: "cashtag", names: ["Harmony One", "harmony protocol"] },
  { symbol: "TON", ticker: "cashtag", names: ["toncoin", "the open network"] },
  { symbol: "LTC", ticker: "any", names: ["litecoin"] },
  { symbol: "BCH", ticker: "any", names: ["bitcoin cash"] },
  { symbol: "BSV", ticker: "capitals", names: ["bitcoin sv"] },
  { symbol: "ETC", ticker: "cashtag", names: ["ethereum classic"] },
  { symbol: "XLM", ticker: "any", names: ["stellar lumens", "Stellar Development Foundation"] },
  { symbol: "XMR", ticker: "any", names: ["monero"] },
  { symbol: "ZEC", ticker: "capitals", names: ["zcash"] },
  { symbol: "UNI", ticker: "cashtag", names: ["uniswap"] },
  { symbol: "AAVE", ticker: "any", names: [] },
  { symbol: "ATOM", ticker: "cashtag", names: ["cosmos hub", "Cosmos"] },
  { symbol: "APT", ticker: "cashtag", names: ["aptos"] },
  { symbol: "ARB", ticker: "cashtag", names: ["arbitrum"] },
  { symbol: "OP", ticker: "cashtag", names: ["op mainnet", "Optimism Foundation"] },
  { symbol: "POL", ticker: "cashtag", names: ["Polygon", "MATIC"] },
  { symbol: "SUI", ticker: "capitals", names: ["sui network", "Sui"] },
  { symbol: "FIL", ticker: "cashtag", names: ["filecoin"] },
  { symbol: "ICP", ticker: "capitals", names: ["internet computer"] },
  { symbol: "HBAR", ticker: "any", names: ["hedera"] },
  { symbol: "INJ", ticker: "capitals", names: ["Injective"] },
  { symbol: "PEPE", ticker: "capitals", names: ["pepecoin"] },
  { symbol: "HYPE", ticker: "cashtag", names: ["hyperliquid"] },
  { symbol: "MKR", ticker: "capitals", names: ["makerdao"] },
  { symbol: "ALGO", ticker: "cashtag", names: ["algorand"] },
];
