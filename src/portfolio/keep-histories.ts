import { limitConcurrency } from "../platform/limit-concurrency.ts";
import type { Database } from "../platform/postgres/database.ts";
import { type Head, readHead, readRecords, sharedHeadReader, type TapeSelection } from "../tape/index.ts";
import type { LedgerEntry } from "./ledger-curve.ts";
import { closedTrade, loadHistory, readNewReports, readStart } from "./load-history.ts";
import type { ModelHistory } from "./model-history.ts";

/** Places of all curves together: about 50 bytes each. */
const MAX_PLACES = 1_200_000;
const PLACE_BYTES = 50;
/** Beyond it a curve lets go of every second place. */
const MAX_PLACES_A_MODEL = 400_000;
const MAX_MODELS = 1000;
const PAGE = 1000;
/** What is further behind is read anew. */
const MAX_PAGES = 20;

/** Gives a model's history as it was at the head or later; undefined where the model has done nothing. */
export type ReadModelHistory = (model: string) => Promise<ModelHistory | undefined>;

const placesOf = ({ ledger, reports, shown }: ModelHistory) =>
  ledger.length + reports.length + Math.ceil((shown?.text.length ?? 0) / PLACE_BYTES);

/**
 * Keeps the curves that were asked for lately, so that a read costs what has come since the last one, however long the
 * curve is. What has come is found on the tape; the curve is read from the tables where that reaches back no further.
 */
export function keepHistories(database: Database): ReadModelHistory {
  const readSharedHead = sharedHeadReader(() => readHead(database));
  const kept = new Map<string, ModelHistory>();
  const turns = new Map<string, Promise<unknown>>();
  // A curve that is read anew takes a connection for a while: not all of the pool's.
  const limitLoads = limitConcurrency(1);

  async function freshHistory(model: string): Promise<ModelHistory> {
    const head = await readSharedHead();
    const known = kept.get(model);
    if (known !== undefined && known.epoch === head.epoch) {
      if (known.asOf >= Math.max(head.trades, head.portfolios)) return known;
      // It is not to be found half changed should this fail.
      kept.delete(model);
      if (await catchUp(database, model, known, head)) return known;
    }
    return await limitLoads(() => loadHistory(database, model, head, new AbortController().signal));
  }

  function keep(model: string, history: ModelHistory): void {
    kept.delete(model);
    kept.set(model, history);
    let places = 0;
    for (const one of kept.values()) places += placesOf(one);
    for (const [oldest, one] of kept) {
      if ((places <= MAX_PLACES && kept.size <= MAX_MODELS) || oldest === model) return;
      kept.delete(oldest);
      places -= placesOf(one);
    }
  }

  return async (model) => {
    // One at a time for each model: those who wait find done what they would have done.
    const turn = (turns.get(model) ?? Promise.resolve()).then(async () => {
      const history = await freshHistory(model);
      if (!history.hasTraded && history.reports.length === 0) return undefined;
      if (history.ledger.length > MAX_PLACES_A_MODEL) history.ledger.thin();
      if (history.reports.length > MAX_PLACES_A_MODEL) history.reports.thin();
      keep(model, history);
      return history;
    });
    const settled = turn.catch(() => {});
    turns.set(model, settled);
    void settled.then(() => turns.get(model) === settled && turns.delete(model));
    return await turn;
  };
}

/** Adds what the tape has of a model up to the head. @returns false where the tape alone cannot tell. */
async function catchUp(
  database: Database,
  model: string,
  history: ModelHistory,
  head: Head,
): Promise<boolean> {
  const since = history.asOf;
  const kinds = ["trade", "trade_close", "portfolio"] as const;
  const selection: TapeSelection = { kinds: [], models: kinds.map((kind) => ({ kind, model })), symbols: [] };
  const closed: LedgerEntry[] = [];
  let hasReported = false;
  let seq = since;
  for (let pages = 0; seq < head.seq; pages++) {
    if (pages === MAX_PAGES) return false;
    const page = await readRecords(database, selection, seq, head.seq, PAGE);
    for (const record of page.entries) {
      if (record.kind === "portfolio") hasReported = true;
      else {
        const trade = closedTrade(record);
        if (trade !== undefined) closed.push(trade);
        history.hasTraded = true;
      }
    }
    seq = page.upTo;
  }
  // Only now is it certain that nothing of this was trimmed before it was read.
  const now = await readHead(database);
  if (now.epoch !== head.epoch || now.oldest > since + 1) return false;
  if (hasReported) {
    history.reports.add(await readNewReports(database, model, since, head.seq));
    history.start = await readStart(database, model);
  }
  history.asOf = head.seq;
  delete history.shown;
  return history.ledger.add(closed);
}
