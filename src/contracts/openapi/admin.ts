import { clearedCache, errorList, serviceStatus } from "../admin.ts";
import { listedUserAnswer, resetLink, userChange, userPage, userQuery } from "../users.ts";
import { z } from "../zod.ts";
import type { Operation } from "./operation.ts";

const anyId = z.object({ id: z.string() });

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
  {
    method: "get",
    path: "/api/admin/users",
    summary: "All accounts",
    tag: "admin",
    query: userQuery,
    answers: { 200: { description: "newest first, page by page", schema: userPage } },
    errors: [400, 401, 503],
  },
  {
    method: "patch",
    path: "/api/admin/users/{id}",
    summary: "Give an account another role, disable it or enable it again",
    tag: "admin",
    params: anyId,
    body: userChange,
    answers: {
      200: {
        description: "changed; the sessions, keys and sockets of a disabled account ended",
        schema: listedUserAnswer,
      },
    },
    errors: [400, 401, 404, 409, 413, 415, 503],
  },
  {
    method: "post",
    path: "/api/admin/users/{id}/reset",
    summary: "Make a link that sets an account's password anew, once and within an hour",
    tag: "admin",
    params: anyId,
    answers: { 201: { description: "made; one that was made before is no longer good", schema: resetLink } },
    errors: [400, 401, 404, 503],
  },
];
