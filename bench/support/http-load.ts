import { nextMessage, startScript } from "./children.ts";

/** What the load maker is told to do. */
export interface HttpJob {
  readonly port: number;
  readonly connections: number;
  /** Whole HTTP requests, sent in turn. */
  readonly requests: readonly string[];
  readonly warmupSeconds: number;
  readonly seconds: number;
}

/** What it reports. */
export interface HttpResult {
  /** 2xx answers in the measured seconds. */
  readonly counted: number;
  /** 2xx answers in all, warm-up and the last ones in flight included. */
  readonly succeeded: number;
  /** Everything else by status or error code. */
  readonly answers: Readonly<Record<string, number>>;
  /** What the load maker itself used, start of node included. */
  readonly cpuSeconds: number;
}

const CONNECTIONS = 64;
const WARMUP_SECONDS = 1;

/** Saturates a server over 64 keep-alive connections. Throws when an answer was not 2xx: that would be no result. */
export async function saturate(
  port: number,
  requests: readonly string[],
  seconds: number,
): Promise<HttpResult> {
  const maker = startScript("load maker", new URL("./http-load-process.ts", import.meta.url));
  const job: HttpJob = { port, connections: CONNECTIONS, requests, warmupSeconds: WARMUP_SECONDS, seconds };
  maker.process.send(job);
  const result = (await nextMessage(maker)) as HttpResult;
  await maker.stop();
  if (Object.keys(result.answers).length > 0) {
    throw new Error(
      `the server answered ${JSON.stringify(result.answers)} beside ${result.succeeded} successes`,
    );
  }
  return result;
}

/** A GET as the bytes the load maker sends. */
export function getRequest(port: number, path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: application/json\r\n\r\n`;
}
