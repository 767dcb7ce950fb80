import type { Database, Statement } from "../platform/postgres/database.ts";
import { type Head, readHead, readRecords, sharedHeadReader } from "../tape/index.ts";

/** A model that traded a symbol more often is quickly found doing so by going through its trades. */
const MAX_IDS = 300;
const MAX_PAIRS = 1000;
const PAGE = 1000;
/** What is further behind is looked up anew. */
const MAX_PAGES = 3;

const LOOK_UP: Statement = {
  name: "trades-of-pair",
  text: `SELECT id FROM trades WHERE model = $1 AND symbol || '' = $2 LIMIT ${MAX_IDS + 1}`,
};

interface Pair {
  epoch: string;
  asOf: number;
  /** Undefined: there are too many. */
  ids: Set<string> | undefined;
}

/**
 * The ids of all trades of a model in a symbol, where they are few, as of the head or later; undefined where they are not.
 * To find that a model hardly ever traded a symbol takes a look at each of its trades, so it is remembered, and what has
 * come since is found on the tape.
 */
export type FindRarePair = (model: string, symbol: string) => Promise<string[] | undefined>;

export function rarePairs(database: Database): FindRarePair {
  const readSharedHead = sharedHeadReader(() => readHead(database));
  const pairs = new Map<string, Pair>();

  async function freshPair(known: Pair | undefined, model: string, symbol: string): Promise<Pair> {
    const head = await readSharedHead();
    if (known?.epoch === head.epoch) {
      if (known.ids === undefined || known.asOf >= head.trades) return known;
      const since = await idsSince(database, known.asOf, head, model, symbol);
      if (since !== undefined) return { ...known, asOf: head.seq, ids: few([...known.ids, ...since]) };
    }
    const rows = await database.run<{ id: string }>(LOOK_UP, [model, symbol]);
    return { epoch: head.epoch, asOf: head.seq, ids: few(rows.map(({ id }) => id)) };
  }

  return async (model, symbol) => {
    const key = JSON.stringify([model, symbol]);
    const pair = await freshPair(pairs.get(key), model, symbol);
    pairs.delete(key);
    pairs.set(key, pair);
    const [oldest] = pairs.keys();
    if (pairs.size > MAX_PAIRS && oldest !== undefined) pairs.delete(oldest);
    return pair.ids === undefined ? undefined : [...pair.ids];
  };
}

function few(ids: readonly string[]): Set<string> | undefined {
  const unlike = new Set(ids);
  return unlike.size > MAX_IDS ? undefined : unlike;
}

/** The ids of the pair's trades that came since; undefined where the tape alone cannot tell. */
async function idsSince(
  database: Database,
  since: number,
  head: Head,
  model: string,
  symbol: string,
): Promise<string[] | undefined> {
  const selection = { kinds: [], models: [{ kind: "trade" as const, model }], symbols: [] };
  const ids: string[] = [];
  let seq = since;
  for (let pages = 0; seq < head.seq; pages++) {
    if (pages === MAX_PAGES) return undefined;
    const page = await readRecords(database, selection, seq, head.seq, PAGE);
    for (const { body } of page.entries) {
      const trade = JSON.parse(body) as { id: string; symbol: string };
      if (trade.symbol === symbol) ids.push(trade.id);
    }
    seq = page.upTo;
  }
  // Only now is it certain that nothing of this was trimmed before it was read.
  const now = await readHead(database);
  return now.epoch === head.epoch && now.oldest <= since + 1 ? ids : undefined;
}
