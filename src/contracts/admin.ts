import { momentOut } from "./common.ts";
import { z } from "./zod.ts";

/** What went wrong, without anything that a client sent or a secret could be in. */
export const errorEntry = z
  .object({
    id: z.string(),
    time: momentOut,
    level: z.enum(["warn", "error"]),
    message: z.string(),
    code: z.string().optional().openapi({ description: "the error's own code (ECONNREFUSED, 57P01)" }),
    route: z
      .string()
      .optional()
      .openapi({ description: "the request that failed, as METHOD /path/:parameter" }),
    status: z.int().optional().openapi({ description: "the HTTP status of the answer" }),
    job: z.string().optional().openapi({ description: "the background job that failed" }),
    request_id: z.string().optional(),
  })
  .openapi("ErrorEntry");
export type ErrorEntry = z.output<typeof errorEntry>;

export const adminQuery = z.strictObject({});

export const errorList = z
  .object({ errors: z.array(errorEntry), count: z.int(), timestamp: momentOut })
  .openapi("ErrorList");
export const serviceStatus = z.record(z.string(), z.unknown()).openapi("ServiceStatus");
export const clearedCache = z
  .object({ success: z.literal(true), cleared: z.int().openapi({ description: "answers that were cached" }) })
  .openapi("ClearedCache");
