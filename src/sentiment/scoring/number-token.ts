import type { Token } from "./token.ts";
import { Key } from "./word-roles.ts";

/**
 * A signed percentage or amount ("-12%", "+$450", "-1R") is a move of its own; an unsigned percentage only gives
 * size to the verb before it. `before` is the character in front: in "5-10%" and "S-1" the dash is no sign.
 */
export function numberToken(amount: string, before: string | undefined): Token {
  const sign = signOf(amount, before);
  const unit = (/[\p{L}%]+$/u.exec(amount)?.[0] ?? "").toLowerCase();
  if (unit === "%" || unit === "percent" || unit === "pct") return token(sign + percentKey(amount), amount);
  if (sign !== "" && (unit === "r" || /[$€£]/.test(amount))) return token(`${sign}amount`, amount);
  if (unit === "x") return token("multiple", amount);
  return token(Key.number, amount);
}

function percentKey(amount: string): string {
  const size = Number.parseFloat(amount.replace(/[^\d.]/g, ""));
  if (size < 1) return Key.percentUnder1;
  return size < 10 ? Key.percentUnder10 : Key.percentOver10;
}

function signOf(amount: string, before: string | undefined): "" | "+" | "-" {
  if (before !== undefined && /[\p{L}\p{N}%]/u.test(before)) return "";
  if (/^[$€£]?\+/.test(amount)) return "+";
  return /^[$€£]?[−-]/.test(amount) ? "-" : "";
}

function token(key: string, shown: string): Token {
  return { key, shown, emphasis: 1 };
}
