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

class RestError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The path of a GET with a query; parameters that are undefined or empty are left out. */
export function pathOf(path: string, query: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

/** GETs JSON from this host. @throws RestError with the service's own sentence. */
export async function getJson<Body>(path: string): Promise<Body> {
  const response = await fetch(path, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const body = (await response.json()) as Body & { error?: string; timestamp?: string };
  if (!response.ok) throw new RestError(response.status, body.error ?? `The answer was ${response.status}.`);
  if (body.timestamp !== undefined) learnServerTime(body.timestamp);
  return body;
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
      const body = await getJson<Body>(path);
      onTrouble(undefined);
      return body;
    } catch (error) {
      const isRefused = error instanceof RestError && error.status < 500 && error.status !== 429;
      const sentence = error instanceof RestError ? error.message : "The playground cannot be reached.";
      if (isWanted()) onTrouble({ sentence, retrying: !isRefused });
      if (isRefused) return undefined;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return undefined;
}
