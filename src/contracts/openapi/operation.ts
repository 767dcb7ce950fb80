import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "../zod.ts";

export const idempotencyKey = z.object({
  "idempotency-key": z
    .string()
    .max(255)
    .optional()
    .openapi({ description: "makes a retry safe where no id is sent" }),
});
/** One row of the document: a route, what it takes and what it answers. */
export interface Operation {
  method: RouteConfig["method"];
  path: string;
  summary: string;
  tag: string;
  query?: z.ZodObject;
  params?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
  answers: Record<number, { description: string; schema?: z.ZodType; content?: string; orText?: string }>;
  errors: number[];
}
