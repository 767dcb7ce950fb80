import { learnServerTime } from "./clock.ts";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 8000;
const ANSWER_WITHIN_MS = 15_000;

/** What stands in the way of a page, in words for the one who looks at it. */
export interface Trouble {
  /** What failed. */
  sentence: string;
  /** Whether it is tried again without anyone's doing. */
  retrying: boolean;
}

/** An answer other than 2xx; status 0 where there was none. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The path of a GET with a query; parameters that are undefined or empty are left out. */
export function pathOf(path: string, query: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

/** Asks this host. @throws Refused with the service's own sentence. */
export async function ask<Body>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<Body> {
  let response: Response;
  let answer: Body & { error?: string; timestamp?: string };
  try {
    response = await fetch(path, {
      method,
      headers: { accept: "application/json", ...(body && { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    // What a proxy answers in the service's place need not be JSON; what the service answers is, or was cut off.
    answer = await response.json().catch((error: unknown) => {
      if (response.ok) throw error;
      return {};
    });
  } catch {
    throw new Refused(0, "The playground cannot be reached.");
  }
  if (!response.ok) throw new Refused(response.status, answer.error ?? `The answer was ${response.status}.`);
  if (answer.timestamp !== undefined) learnServerTime(answer.timestamp);
  return answer;
}

/**
 * GETs until there is an answer, ever more slowly, and says what goes wrong in between. Gives up only where the request
 * itself is at fault, for that would be refused each time.
 * @param onTrouble is told of each failure, and `undefined` once it works.
 */
export async function getUntilThere<Body>(
  path: string,
  onTrouble: (trouble: Trouble | undefined) => void,
  isWanted: () => boolean,
): Promise<Body | undefined> {
  for (let wait = FIRST_RETRY_MS; isWanted(); wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      const body = await ask<Body>("GET", path);
      onTrouble(undefined);
      return body;
    } catch (error) {
      const { status, message: sentence } = error as Refused;
      const isRefused = status > 0 && status < 500 && status !== 429;
      if (isWanted()) onTrouble({ sentence, retrying: !isRefused });
      if (isRefused) return undefined;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return undefined;
}
