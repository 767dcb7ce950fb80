import { PRODUCT_DECIMALS, toText } from "../contracts/units.ts";
import { deeperFall } from "./score/fall.ts";
import type { ModelScore } from "./score/model-score.ts";
import { maxDrawdown, percentage, sharpe } from "./score/ratios.ts";

/** What a row says beside the ledger's figures. Decimals are in 10⁻³⁶. */
export interface Worth {
  rank: number;
  start: bigint;
  equity: bigint;
  ledger: bigint;
  /** Null where no portfolio was reported. */
  reported: bigint | null;
  stale: boolean;
}

/** A row of the leaderboard as JSON; written by hand, since JSON.stringify would round decimals to doubles. */
export function rowText(score: ModelScore, { rank, start, equity, ledger, reported, stale }: Worth): string {
  const text = (value: bigint | null) => (value === null ? "null" : toText(value, PRODUCT_DECIMALS));
  const gain = percentage(equity - start, start);
  const at = score.lastTradeAt === null ? "null" : `"${new Date(score.lastTradeAt).toISOString()}"`;
  return (
    `{"rank":${rank},"model":${JSON.stringify(score.model)},"equity":${text(equity)},` +
    `"ledger_equity":${text(ledger)},"reported_equity":${text(reported)},` +
    `"divergence":${text(reported === null ? null : reported - ledger)},"return_pct":${gain},` +
    `${ledgerText(score)},"last_trade_at":${at},"stale":${stale}}`
  );
}

/** Kept until the ledger changes: roots and quotients cost far more than a valuation. */
const ledgers = new WeakMap<ModelScore, { version: number; text: string }>();

function ledgerText(score: ModelScore): string {
  const { curve, sums, version, reportedFall } = score;
  const known = ledgers.get(score);
  if (known?.version === version) return known.text;
  if (curve === undefined) throw new Error("a score whose ledger is lost has no row");
  const text =
    `"realized_pnl":${toText(sums.realized)},"fees":${toText(sums.fees)},"trades":${sums.trades},` +
    `"win_rate":${percentage(BigInt(sums.wins), BigInt(sums.trades))},` +
    `"max_drawdown_pct":${maxDrawdown(deeperFall(curve.fall, reportedFall ?? undefined))},"sharpe":${sharpe(curve)}`;
  ledgers.set(score, { version, text });
  return text;
}
