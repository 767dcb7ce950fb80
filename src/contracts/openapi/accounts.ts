import {
  doneAnswer,
  keyAnswer,
  keyList,
  login,
  newKey,
  registration,
  sessionList,
  userAnswer,
} from "../accounts.ts";
import { z } from "../zod.ts";
import type { Operation } from "./operation.ts";

const anyId = z.object({ id: z.string() });

export const ACCOUNTS_OPERATIONS: Operation[] = [
  {
    method: "post",
    path: "/api/auth/register",
    summary: "Open an account, and sign in to it",
    tag: "accounts",
    body: registration,
    answers: { 201: { description: "signed in: the session's cookie comes with it", schema: userAnswer } },
    errors: [400, 403, 409, 413, 415, 429, 503],
  },
  {
    method: "post",
    path: "/api/auth/login",
    summary: "Sign in",
    tag: "accounts",
    body: login,
    answers: { 200: { description: "signed in: a new session's cookie comes with it", schema: userAnswer } },
    errors: [400, 401, 403, 413, 415, 429, 503],
  },
  {
    method: "post",
    path: "/api/auth/logout",
    summary: "End this session",
    tag: "accounts",
    answers: { 200: { description: "signed out, whoever it was", schema: doneAnswer } },
    errors: [403, 503],
  },
  {
    method: "get",
    path: "/api/auth/me",
    summary: "Whose session or key this is",
    tag: "accounts",
    answers: { 200: { description: "the account", schema: userAnswer } },
    errors: [400, 401, 503],
  },
  {
    method: "get",
    path: "/api/auth/sessions",
    summary: "Where this account is signed in",
    tag: "accounts",
    answers: { 200: { description: "newest first", schema: sessionList } },
    errors: [400, 401, 403, 503],
  },
  {
    method: "delete",
    path: "/api/auth/sessions/{id}",
    summary: "End a session of this account",
    tag: "accounts",
    params: anyId,
    answers: { 200: { description: "ended; its sockets close within 5 s", schema: doneAnswer } },
    errors: [400, 401, 403, 404, 503],
  },
  {
    method: "post",
    path: "/api/keys",
    summary: "Make a key for a bot",
    tag: "accounts",
    body: newKey,
    answers: { 201: { description: "made; the secret is shown this once", schema: keyAnswer } },
    errors: [400, 401, 403, 409, 413, 415, 503],
  },
  {
    method: "get",
    path: "/api/keys",
    summary: "This account's keys",
    tag: "accounts",
    answers: { 200: { description: "newest first, without the revoked ones", schema: keyList } },
    errors: [400, 401, 403, 503],
  },
  {
    method: "delete",
    path: "/api/keys/{id}",
    summary: "Revoke a key",
    tag: "accounts",
    params: anyId,
    answers: { 200: { description: "revoked: it works nowhere within 5 s", schema: doneAnswer } },
    errors: [400, 401, 403, 404, 503],
  },
];
