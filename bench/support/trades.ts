/** What the load makers send, and what one stored trade looks like on the wire. */

const MODELS = ["gpt-5", "Claude Sonnet 4.5", "gemini-2.5-pro", "deepseek-v3", "grok-4"];
const SYMBOLS = ["BTC", "ETH", "SOL", "BNB"];

/** A trade as a client reports it. The same index gives the same trade. */
export function tradeBody(index: number) {
  return {
    model: MODELS[index % MODELS.length] ?? "gpt-5",
    symbol: SYMBOLS[index % SYMBOLS.length] ?? "BTC",
    side: index % 3 === 0 ? "sell" : "buy",
    qty: ((index % 50) + 1) / 100,
    price: 64_250.5 + (index % 40),
    pnl: (index % 21) - 10,
  };
}

/** Twenty different POST /api/trades, ready to send: no client spends time on making one while it measures. */
export function tradeRequests(port: number): string[] {
  return Array.from({ length: MODELS.length * SYMBOLS.length }, (_, index) => {
    const body = JSON.stringify(tradeBody(index));
    const head = `POST /api/trades HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
    return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  });
}

/** A stored trade with every field a subscriber gets, so that a raw frame is as long as a record of the tape. */
export function sampleRecord(seq: number) {
  const at = "2026-01-02T03:04:05.678Z";
  const stored = { status: "closed", timestamp: at, exit_price: null, fee: 0, leverage: 1, opened_at: null };
  const rest = { closed_at: null, note: null, meta: null, created_at: at };
  return { id: "01940c2e-5b6e-7a31-9c44-2f6d8e0b1a57", seq, ...tradeBody(seq), ...stored, ...rest };
}
