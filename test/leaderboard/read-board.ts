import { expect } from "chai";
import { type Answer, get } from "../support/http.ts";

export interface Row {
  rank: number;
  model: string;
  equity: number;
  ledger_equity: number;
  reported_equity: number | null;
  divergence: number | null;
  return_pct: number | null;
  realized_pnl: number;
  fees: number;
  trades: number;
  win_rate: number | null;
  max_drawdown_pct: number | null;
  sharpe: number | null;
  last_trade_at: string | null;
  stale: boolean;
}

export interface Leaderboard {
  leaderboard: Row[];
  as_of_seq: number;
  timestamp: string;
}

/** `GET /api/leaderboard` of a service, which must answer 200. */
export async function readBoard(url: string): Promise<Leaderboard> {
  const { status, body } = await get<Leaderboard>(`${url}/api/leaderboard`);
  expect(status).to.equal(200);
  return body;
}

/** One model's row; undefined where it has none. */
export async function readRow(url: string, model: string): Promise<Row | undefined> {
  return (await readBoard(url)).leaderboard.find((row) => row.model === model);
}

export const readAnalytics = (url: string, model: string): Promise<Answer<Record<string, unknown>>> =>
  get(`${url}/api/models/${encodeURIComponent(model)}/analytics`);
