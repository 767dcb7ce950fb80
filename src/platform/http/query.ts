import type { Request } from "express";
import type { z } from "../../contracts/zod.ts";
import { validationError } from "../errors.ts";
import { validate } from "./validate.ts";

/**
 * The checked query of a request. `decimals` belongs to every JSON answer and is taken off here.
 * @throws AppError 400, unknown parameters included.
 */
export function validQuery<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  const { decimals, ...query } = request.query;
  if (decimals !== undefined && decimals !== "string" && decimals !== "number") {
    const message = "must be string or number";
    throw validationError(`decimals ${message}.`, [{ path: "decimals", message }]);
  }
  return validate(schema, query);
}
