import { Decimal } from "decimal.js";

/** Of the notional, at each fill. */
const FEE_RATE = "0.0001";
const QTY_DIGITS = 6;

/** An open trade of a bot's. Decimals as exact text: `qty` in units, `price` in USD a unit, `fee` in USD. */
export interface OpenTrade {
  id: string;
  symbol: string;
  side: "buy" | "sell";
  qty: string;
  price: string;
  fee: string;
  /** Unix milliseconds. */
  openedAt: number;
}

/** What closing a trade comes to, USD. */
export interface Closing {
  pnl: string;
  fee: string;
  balance: string;
}

/** @returns undefined where the share of the balance is too small to trade. */
export function openTrade(
  wanted: { id: string; symbol: string; side: "buy" | "sell"; share: number },
  price: string,
  balance: string,
  now: number,
): OpenTrade | undefined {
  const { id, symbol, side } = wanted;
  const qty = new Decimal(balance).times(wanted.share).div(price).toSignificantDigits(QTY_DIGITS);
  if (!qty.isPositive() || qty.isZero()) return undefined;
  const fee = feeOf(qty, price);
  return { id, symbol, side, qty: qty.toFixed(), price, fee: fee.toFixed(), openedAt: now };
}

/**
 * Net PnL = (exit price − price) × qty × (+1 for buy, −1 for sell) − both fees, in decimal arithmetic. The fees reach the
 * balance with the close, so that the balance is always the starting balance and the PnL of the closed trades.
 */
export function closeTrade(trade: OpenTrade, exitPrice: string, balance: string): Closing {
  const moved = new Decimal(exitPrice).minus(trade.price).times(trade.side === "buy" ? 1 : -1);
  const fee = new Decimal(trade.fee).plus(feeOf(new Decimal(trade.qty), exitPrice));
  const pnl = moved.times(trade.qty).minus(fee);
  return { pnl: pnl.toFixed(), fee: fee.toFixed(), balance: new Decimal(balance).plus(pnl).toFixed() };
}

/** To 8 decimals, a hundred-millionth of a dollar. */
function feeOf(qty: Decimal, price: string): Decimal {
  return qty.times(price).times(FEE_RATE).toDecimalPlaces(8);
}
