import type { PortfolioHistoryQuery } from "../contracts/portfolio.ts";
import { notFound } from "../platform/errors.ts";
import type { ReadModelHistory } from "./keep-histories.ts";
import { curveTexts } from "./model-history.ts";

/**
 * A model's equity curve as JSON text, oldest first: the ledger up to its first report and its reports from then on.
 * @throws AppError 404 where the model has neither traded nor reported; 503.
 */
export async function readHistory(read: ReadModelHistory, query: PortfolioHistoryQuery): Promise<string> {
  const { model, from, to, points } = query;
  const history = await read(model);
  if (history === undefined) throw notFound("This model has reported no portfolio and no trade.");
  const key = JSON.stringify([from, to, points]);
  if (history.shown?.query === key) return history.shown.text;
  const time = (moment: string | undefined) => (moment === undefined ? undefined : Date.parse(moment));
  const texts = curveTexts(history, { from: time(from), to: time(to), points });
  const text = `{"model":${JSON.stringify(model)},"points":[${texts.join(",")}],"count":${texts.length}}`;
  history.shown = { query: key, text };
  return text;
}
