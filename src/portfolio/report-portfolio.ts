import { parse } from "lossless-json";
import type { PortfolioReport, Position } from "../contracts/portfolio.ts";
import { conflict, unavailable } from "../platform/errors.ts";
import type { Writer } from "../platform/http/write-guard.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { keyScope, recordText, type WriteItem, type WriteKind } from "../tape/index.ts";
import type { PortfolioContext } from "./context.ts";
import { sameDecimal } from "./same-decimal.ts";

const BY_KEY: Statement = {
  name: "portfolio-by-key",
  text: "SELECT seq, body::text AS body FROM idempotency_keys WHERE kind = 'portfolio' AND scope = $1 AND key = $2",
};

/**
 * Records what a model reports to hold; creates its portfolio where there is none.
 * @returns the portfolio's JSON text as reported, seq included; with a known Idempotency-Key the first answer's, and
 * that it is a repetition.
 * @throws AppError 409 where the key was used with other content; 503.
 */
export async function reportPortfolio(
  { appender, database }: Pick<PortfolioContext, "appender" | "database">,
  kind: WriteKind,
  sent: PortfolioReport,
  key?: string,
  writer?: Writer,
): Promise<{ text: string; repeated: boolean }> {
  const scope = keyScope(sent.model, writer);
  if (sent.starting_balance !== undefined) await refuseLaterStart(database, sent.model, scope, key);
  const outcome = await appender.append(kind, [reportItem(sent, scope, key)], writer);
  const entry = outcome.written ? outcome.entries[0] : undefined;
  if (entry !== undefined) return { text: recordText(entry), repeated: false };
  const [first] = await database.run<{ seq: string; body: string }>(BY_KEY, [scope, key]);
  if (first === undefined) throw unavailable("The first report with this key cannot be read; try again.");
  if (!isSameReport(sent, first.body)) {
    throw conflict("A report with this Idempotency-Key is there already, with other content.");
  }
  return { text: recordText({ seq: Number(first.seq), body: first.body }), repeated: true };
}

const REPORTED: Statement = {
  name: "portfolio-is-reported",
  text: `SELECT EXISTS (SELECT 1 FROM portfolios WHERE model = $1) AS reported, EXISTS (
      SELECT 1 FROM idempotency_keys WHERE kind = 'portfolio' AND scope = $2 AND key = $3
    ) AS repeated`,
};

/** What a model began with is said once, before anything is counted from it; a repetition of that says nothing new. */
async function refuseLaterStart(database: Database, model: string, scope: string, key = ""): Promise<void> {
  const [row] = await database.run<{ reported: boolean; repeated: boolean }>(REPORTED, [model, scope, key]);
  if (row?.reported !== true || row.repeated) return;
  throw conflict(
    `starting_balance goes with a model's first report only, and ${model} has reported a portfolio before.`,
  );
}

function reportItem(sent: PortfolioReport, scope: string, key: string | undefined): WriteItem {
  const fields = [
    `"model":${JSON.stringify(sent.model)}`,
    ...(sent.balance === undefined ? [] : [`"balance":${sent.balance}`]),
    ...(sent.positions === undefined ? [] : [`"positions":[${sent.positions.map(positionText).join(",")}]`]),
    ...(sent.last_update === undefined ? [] : [`"last_update":"${sent.last_update}"`]),
    ...(sent.starting_balance === undefined ? [] : [`"starting_balance":${sent.starting_balance}`]),
  ];
  return {
    model: sent.model,
    symbol: null,
    body: `{${fields.join(",")}}`,
    key,
    keyScope: scope,
    given: false,
    // One statement cannot update the same row twice.
    locks: [`portfolio ${sent.model}`],
  };
}

function positionText(position: NonNullable<PortfolioReport["positions"]>[number]): string {
  const { symbol, qty, avg_price, pnl } = position;
  return `{"symbol":${JSON.stringify(symbol)},"qty":${qty},"avg_price":${avg_price},"pnl":${pnl ?? null}}`;
}

/** Whether the fields that were sent equal those of a recorded report's JSON text as values. */
export function isSameReport(sent: PortfolioReport, firstBody: string): boolean {
  const first = parse(firstBody) as {
    balance: unknown;
    positions: Record<keyof Position, unknown>[];
    last_update: string;
    starting_balance?: unknown;
  };
  const { starting_balance } = sent;
  if (starting_balance !== undefined && !sameDecimal(starting_balance, first.starting_balance)) return false;
  if (sent.balance !== undefined && !sameDecimal(sent.balance, first.balance)) return false;
  if (sent.last_update !== undefined && sent.last_update !== first.last_update) return false;
  if (sent.positions === undefined) return true;
  return (
    sent.positions.length === first.positions.length &&
    sent.positions.every((position, index) => {
      const other = first.positions[index];
      return (
        other !== undefined &&
        position.symbol === other.symbol &&
        sameDecimal(position.qty, other.qty) &&
        sameDecimal(position.avg_price, other.avg_price) &&
        (position.pnl === undefined || sameDecimal(position.pnl, other.pnl))
      );
    })
  );
}
