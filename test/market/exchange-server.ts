import { once } from "node:events";
import { Agent, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/**
 * A server with the part of Binance's public spot API that prices need: `GET /api/v3/exchangeInfo`, and the WebSocket
 * streams with SUBSCRIBE and `trade` events
 * (https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams).
 */
export interface ExchangeServer {
  /** What ccxt's binance has to be told to come here. */
  settings: Record<string, unknown>;
  /** The streams that are subscribed now, such as `btcusdt@trade`. */
  streams(): string[];
  /** Sends a trade to whom it concerns. @param time Unix milliseconds. */
  trade(market: string, price: string, quantity: string, time: number): void;
  /** Cuts every connection, as a network does. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startExchangeServer(pairs: [base: string, quote: string][]): Promise<ExchangeServer> {
  const http = createServer((request, response) => {
    const isInfo = request.url?.startsWith("/api/v3/exchangeInfo") === true;
    response.writeHead(isInfo ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isInfo ? exchangeInfo(pairs) : { code: -1, msg: "not here" }));
  });
  const sockets = new Map<WebSocket, Set<string>>();
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    const streams = new Set<string>();
    sockets.set(socket, streams);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (data) => {
      const { method, params, id } = JSON.parse(String(data)) as {
        method: string;
        params: string[];
        id: number;
      };
      for (const stream of params) {
        if (method === "SUBSCRIBE") streams.add(stream);
        else streams.delete(stream);
      }
      socket.send(JSON.stringify({ result: null, id }));
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  let trades = 0;
  return {
    settings: {
      // Without TLS ccxt wants to be handed an agent, and knows spot by the "/stream" in the address.
      httpAgent: new Agent(),
      options: { fetchMarkets: { types: ["spot"] } },
      urls: {
        api: { public: `http://127.0.0.1:${port}/api/v3`, ws: { spot: `ws://127.0.0.1:${port}/stream/ws` } },
      },
    },
    streams: () => [...sockets.values()].flatMap((streams) => [...streams]),
    trade(market, price, quantity, time) {
      const event = {
        e: "trade",
        E: time,
        s: market,
        t: ++trades,
        p: price,
        q: quantity,
        T: time,
        m: false,
        M: true,
      };
      for (const [socket, streams] of sockets) {
        if (streams.has(`${market.toLowerCase()}@trade`)) socket.send(JSON.stringify(event));
      }
    },
    cut() {
      for (const socket of sockets.keys()) socket.terminate();
    },
    async stop() {
      for (const socket of sockets.keys()) socket.terminate();
      http.close();
      http.closeAllConnections();
      await once(http, "close");
    },
  };
}

function exchangeInfo(pairs: [string, string][]) {
  return {
    timezone: "UTC",
    serverTime: Date.now(),
    rateLimits: [],
    exchangeFilters: [],
    symbols: pairs.map(([baseAsset, quoteAsset]) => ({
      symbol: `${baseAsset}${quoteAsset}`,
      status: "TRADING",
      baseAsset,
      baseAssetPrecision: 8,
      quoteAsset,
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ["LIMIT", "MARKET"],
      isSpotTradingAllowed: true,
      permissions: ["SPOT"],
      permissionSets: [["SPOT"]],
      filters: [
        {
          filterType: "PRICE_FILTER",
          minPrice: "0.01000000",
          maxPrice: "1000000.00000000",
          tickSize: "0.01000000",
        },
        { filterType: "LOT_SIZE", minQty: "0.00001000", maxQty: "9000.00000000", stepSize: "0.00001000" },
      ],
    })),
  };
}
