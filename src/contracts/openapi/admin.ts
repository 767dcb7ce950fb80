import { clearedCache, errorList, serviceStatus } from "../admin.ts";
import type { Operation } from "./operation.ts";

export const ADMIN_OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/api/admin/errors",
    summary: "What went wrong: the newest 200 of seven days",
    tag: "admin",
    answers: { 200: { description: "newest first", schema: errorList } },
    errors: [400, 401],
  },
  {
    method: "get",
    path: "/api/admin/status",
    summary: "What is up",
    tag: "admin",
    answers: { 200: { description: "this instance and what it needs", schema: serviceStatus } },
    errors: [400, 401],
  },
  {
    method: "post",
    path: "/api/admin/cache/clear",
    summary: "Clear the cached answers",
    tag: "admin",
    answers: { 200: { description: "cleared", schema: clearedCache } },
    errors: [400, 401, 503],
  },
];
