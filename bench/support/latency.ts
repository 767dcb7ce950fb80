import { nextMessage, startScript } from "./children.ts";

export interface LatencyJob {
  /** Port of the instance that trades are posted at. */
  readonly postAt: number;
  /** Port of the instance that the subscriber is connected to. */
  readonly subscribeAt: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Milliseconds from the sending of each POST. */
export interface LatencyResult {
  readonly total: number;
  readonly failed: number;
  readonly answered: readonly number[];
  readonly arrived: readonly number[];
}

/** Throws where a trade was not answered with 201 or did not reach the subscriber once: that would be no result. */
export async function timeDeliveries(job: LatencyJob): Promise<LatencyResult> {
  const script = startScript("writer and subscriber", new URL("./latency-process.ts", import.meta.url));
  script.process.send(job);
  const result = (await nextMessage(script)) as LatencyResult;
  await script.stop();
  const { total, answered, arrived } = result;
  if (answered.length !== total || arrived.length !== total) {
    throw new Error(`of ${total} trades ${answered.length} were answered and ${arrived.length} arrived`);
  }
  return result;
}
