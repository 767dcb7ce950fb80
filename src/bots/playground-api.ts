import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 200;
const TIMEOUT_MS = 10_000;

/** A request that was refused; `status` says how. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The playground's public REST API, as any bot may use it. Each write may be sent again safely: it has an id or a key. */
export interface PlaygroundApi {
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  /** @throws RefusedError for an answer that another try would not change. */
  send(method: "POST" | "PATCH", path: string, body: unknown, key?: string): Promise<{ status: number }>;
}

const refusal = z.object({ error: z.string() });

/** @param key an API key, where the playground asks for one. */
export function playgroundApi(url: string, signal: AbortSignal, key?: string): PlaygroundApi {
  async function attempt(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${url}${path}`, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body: unknown = await response.json();
    if (response.ok) return { status: response.status, body };
    const said = refusal.safeParse(body);
    throw new RefusedError(response.status, said.success ? said.data.error : `status ${response.status}`);
  }

  /** Tries again while nothing is known for sure: no answer, 429 or 5xx. */
  async function ask(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(path, init);
      } catch (error) {
        const isFinal = error instanceof RefusedError && error.status < 500 && error.status !== 429;
        if (isFinal || signal.aborted || tries === ATTEMPTS) throw error;
        await sleep(FIRST_WAIT_MS * 2 ** (tries - 1), undefined, { signal });
      }
    }
  }

  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  return {
    get: async (path, schema) => schema.parse((await ask(path, { headers })).body),
    async send(method, path, body, idempotencyKey) {
      const { status } = await ask(path, {
        method,
        headers: {
          ...headers,
          "content-type": "application/json",
          ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
        },
        body: JSON.stringify(body),
      });
      return { status };
    },
  };
}
