import type { Request } from "express";
import { validationError } from "../errors.ts";

/** The `Idempotency-Key` header. @throws AppError 400 where it is not 1-255 visible ASCII characters. */
export function idempotencyKey(request: Request): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  const message = "must be 1-255 visible ASCII characters";
  throw validationError(`Idempotency-Key ${message}.`, [{ path: "Idempotency-Key", message }]);
}
