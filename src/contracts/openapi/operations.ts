import { z } from "../zod.ts";
import type { Operation } from "./operation.ts";

export const OPERATIONS_OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/healthz",
    summary: "The process is alive",
    tag: "operations",
    answers: { 200: { description: "alive", schema: z.object({ status: z.literal("alive") }) } },
    errors: [],
  },
  {
    method: "get",
    path: "/readyz",
    summary: "PostgreSQL is reached and migrated",
    tag: "operations",
    answers: {
      200: {
        description: "ready; degraded where Redis is away",
        schema: z.object({
          status: z.string(),
          degraded: z.boolean(),
          checks: z.record(z.string(), z.string()),
        }),
      },
    },
    errors: [503],
  },
  {
    method: "get",
    path: "/metrics",
    summary: "Prometheus metrics",
    tag: "operations",
    answers: { 200: { description: "text exposition", content: "text/plain" } },
    errors: [],
  },
  {
    method: "get",
    path: "/openapi.json",
    summary: "This document",
    tag: "operations",
    answers: { 200: { description: "OpenAPI 3.1", schema: z.record(z.string(), z.unknown()) } },
    errors: [],
  },
  {
    method: "get",
    path: "/asyncapi.yaml",
    summary: "The streaming contract",
    tag: "operations",
    answers: { 200: { description: "AsyncAPI", content: "application/yaml" } },
    errors: [],
  },
];
