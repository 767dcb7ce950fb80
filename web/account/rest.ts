import type { KeyOut, SessionOut, User } from "../../src/contracts/accounts.ts";

const ANSWER_WITHIN_MS = 15_000;

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks this host. @throws Refused with the service's own sentence; status 0 where it cannot be reached. */
export async function ask<Body>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<Body> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: "application/json", ...(body && { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch {
    throw new Refused(0, "The playground cannot be reached; try again.");
  }
  const answer = (await response.json().catch(() => ({}))) as Body & { error?: string };
  if (!response.ok) throw new Refused(response.status, answer.error ?? `The answer was ${response.status}.`);
  return answer;
}

export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export type UserAnswer = { user: User };
export type KeyList = { keys: KeyOut[] };
export type KeyAnswer = { key: KeyOut; secret: string };
export type SessionList = { sessions: SessionOut[] };
