import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { FeedJob, FeedResult } from "./feed-worker.ts";
import type { ParsedFeed } from "./read-feed.ts";

/** A feed that cannot be read; the message is a clause that says why. */
export class FeedUnreadable extends Error {
  override name = "FeedUnreadable";
}

const LIMIT_MS = 10_000;
const MAX_HEAP_MB = 96;
/** The thread ends when nothing came for so long: feeds come in rounds, minutes apart. */
const IDLE_MS = 5_000;

/** Reads feeds on a worker thread, one at a time, each with a limit of time and memory. */
export class FeedReader {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  /** @throws FeedUnreadable where it is no feed, or too much of one. */
  read(job: FeedJob): Promise<ParsedFeed> {
    const mine = this.#last.then(() => this.#readNow(job));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end();
  }

  async #readNow(job: FeedJob): Promise<ParsedFeed> {
    if (this.#stopped) throw new FeedUnreadable("the service is stopping");
    clearTimeout(this.#idle);
    this.#worker ??= startWorker();
    const result = await answerOf(this.#worker, job).catch(async (error: unknown) => {
      // A thread that gave no answer may still be busy, or gone: the next feed gets a new one.
      await this.#end();
      throw error;
    });
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref();
    if ("reason" in result) throw new FeedUnreadable(`it is not a feed that can be read: ${result.reason}`);
    return result.feed;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function startWorker(): Worker {
  const own = extname(import.meta.url);
  const program = new URL(`./feed-worker${own}`, import.meta.url);
  const options = {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 16 },
    execArgv: [],
  };
  const worker =
    own === ".ts"
      ? new Worker(throughTsx(program), { ...options, eval: true })
      : new Worker(program, options);
  // Whoever waits for an answer hears of it; between two feeds nobody does.
  worker.on("error", () => {});
  worker.unref();
  return worker;
}

/** A thread does not inherit the loader that runs the sources as they are; the built program needs none. */
function throughTsx(program: URL): string {
  const entry = createRequire(import.meta.url)
    .resolve("tsx/esm/api")
    .replace(/cjs$/, "mjs");
  const [loader, script] = [pathToFileURL(entry).href, program.href].map((each) => JSON.stringify(each));
  return `import(${loader}).then(({ register }) => { register(); return import(${script}); });`;
}

function answerOf(worker: Worker, job: FeedJob): Promise<FeedResult> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new FeedUnreadable(`reading it takes longer than ${LIMIT_MS} ms`))),
      LIMIT_MS,
    );
    const onMessage = (result: FeedResult) => settle(() => resolve(result));
    const onError = (error: Error) =>
      settle(() => reject(new FeedUnreadable(`reading it failed: ${error.message}`)));
    const onExit = () => settle(() => reject(new FeedUnreadable("reading it was broken off")));
    const settle = (done: () => void) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      done();
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job);
  });
}
