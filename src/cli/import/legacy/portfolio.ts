import { plainDecimal } from "../repair-decimals.ts";
import { type Fields, first, isObject, mender, present } from "./fields.ts";
import { plainName } from "./names.ts";
import { plainTime } from "./times.ts";
import { plainSymbol } from "./trade.ts";

/**
 * A portfolio of either old store as `portfolioReport` takes it, not yet checked.
 * @param keyed the model that its Redis key names, for one that does not say itself.
 */
export function legacyPortfolio(
  fields: Fields,
  keyed?: string,
): { record: Record<string, unknown>; repairs: string[] } {
  const { repairs, mend } = mender();
  const model = first(fields, "model") ?? keyed;
  const time = first(fields, "last_update", "updatedAt");
  const positions = fields.positions ?? [];
  const balance = first(fields, "balance");
  const record = present({
    model: model === undefined ? undefined : mend("model", model, plainName(model)),
    balance: balance === undefined ? undefined : number("balance", balance, mend),
    positions: Array.isArray(positions)
      ? positions.map((position, index) => legacyPosition(position, `positions.${index}`, mend))
      : positions,
    last_update: time === undefined ? undefined : mend("last_update", time, plainTime(time)),
  });
  return { record, repairs };
}

type Mend = ReturnType<typeof mender>["mend"];

function legacyPosition(position: unknown, path: string, mend: Mend): unknown {
  if (!isObject(position)) return position;
  const symbol = first(position, "symbol", "coin");
  const pnl = first(position, "pnl", "profitLoss");
  return present({
    symbol: symbol === undefined ? undefined : mend(`${path}.symbol`, symbol, plainSymbol(symbol)),
    qty: number(`${path}.qty`, first(position, "qty", "quantity"), mend),
    avg_price: number(`${path}.avg_price`, first(position, "avg_price", "avgPrice"), mend),
    pnl: pnl === undefined ? undefined : number(`${path}.pnl`, pnl, mend),
  });
}

/** A number in a spelling that the contract takes; only one with an exponent or too many decimals changes. */
function number(path: string, value: unknown, mend: Mend): unknown {
  const text = String(value);
  if (!/e/i.test(text) && (text.split(".")[1]?.length ?? 0) <= 18) return value;
  return mend(path, value, plainDecimal(value) ?? value);
}
