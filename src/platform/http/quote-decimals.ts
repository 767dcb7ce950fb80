/** Fields of the contract that hold decimals: they become exact strings with `?decimals=string`. */
const DECIMAL_FIELDS =
  "qty price pnl exit_price fee leverage balance avg_price equity unrealized_pnl ledger_equity reported_equity " +
  "divergence return_pct realized_pnl gross_pnl fees win_rate avg_pnl avg_win avg_loss biggest_gain biggest_loss " +
  "avg_notional median_notional avg_holding_minutes median_holding_minutes profit_factor sharpe starting_balance " +
  "max_drawdown_pct change_24h volume_24h high_24h low_24h open high low close volume score confidence average";

// Within a string of JSON every quote has a backslash before it, so what looks like a member of ours is one.
const DECIMAL = new RegExp(`("(?:${DECIMAL_FIELDS.split(" ").join("|")})"\\s?:\\s?)(-?\\d[^,}\\]\\s]*)`, "g");
const META = /"meta"\s?:\s?\{/g;

/**
 * Turns the contract's decimal fields into exact strings and leaves every other number as it stands, without taking the
 * text apart: that costs several times what the whole answer does.
 * @param text JSON of this service.
 */
export function quoteDecimals(text: string): string {
  let quoted = "";
  let from = 0;
  META.lastIndex = 0;
  for (let meta = META.exec(text); meta !== null; meta = META.exec(text)) {
    // It is the model's own: its numbers are not ours to spell.
    const end = endOfObject(text, META.lastIndex);
    quoted += text.slice(from, meta.index).replace(DECIMAL, '$1"$2"') + text.slice(meta.index, end);
    from = end;
    META.lastIndex = end;
  }
  return quoted + (from === 0 ? text : text.slice(from)).replace(DECIMAL, '$1"$2"');
}

const MARK = /["{}]/g;
const END_OF_STRING = /(?:[^"\\]|\\.)*"/y;

/** @param inside just after the object's opening brace. @returns just after its closing one. */
function endOfObject(text: string, inside: number): number {
  let depth = 1;
  MARK.lastIndex = inside;
  for (let mark = MARK.exec(text); mark !== null; mark = MARK.exec(text)) {
    if (mark[0] === '"') {
      END_OF_STRING.lastIndex = MARK.lastIndex;
      if (!END_OF_STRING.test(text)) break;
      MARK.lastIndex = END_OF_STRING.lastIndex;
    } else if (mark[0] === "{") depth++;
    else if (--depth === 0) return MARK.lastIndex;
  }
  return text.length;
}
