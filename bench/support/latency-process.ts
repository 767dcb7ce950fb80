/**
 * A writer at one instance and a subscriber at another, in one process, so that one clock times both: trades are posted
 * at an even pace, whether the ones before were answered or not.
 */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { io } from "socket.io-client";
import type { LatencyJob, LatencyResult } from "./latency.ts";
import { tradeBody } from "./trades.ts";

const SETTLE_MS = 5_000;

async function run(job: LatencyJob): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const sentAt = new Map<string, number>();
  const answered: number[] = [];
  const arrived: number[] = [];
  let failed = 0;

  const socket = io(`http://127.0.0.1:${job.subscribeAt}`, {
    transports: ["websocket"],
    auth: { channels: ["trades"] },
  });
  socket.on("trades", (records: Array<{ id: string }>) => {
    const now = performance.now();
    for (const { id } of records) arrived.push(now - (sentAt.get(id) ?? Number.NaN));
  });
  await new Promise<void>((resolve) => socket.once("head", () => resolve()));

  const post = (index: number): void => {
    const id = `latency-${process.pid}-${index}`;
    const body = JSON.stringify({ ...tradeBody(index), id });
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const path = "/api/trades";
    sentAt.set(id, performance.now());
    const sending = request({ port: job.postAt, host: "127.0.0.1", method: "POST", path, headers, agent });
    sending.on("response", (response) => {
      response.resume();
      response.once("end", () => {
        if (response.statusCode === 201) answered.push(performance.now() - (sentAt.get(id) ?? Number.NaN));
        else failed++;
      });
    });
    sending.on("error", () => failed++);
    sending.end(body);
  };

  const total = Math.round(job.seconds * job.perSecond);
  const start = performance.now();
  let posted = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - start) / 1000) * job.perSecond);
      while (posted < due) post(posted++);
      if (posted < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  const deadline = performance.now() + SETTLE_MS;
  while (arrived.length < total && failed === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  socket.disconnect();
  agent.destroy();
  const result: LatencyResult = { total, failed, answered, arrived };
  process.send?.(result);
}

process.once("disconnect", () => process.exit());
const [job] = (await once(process, "message")) as [LatencyJob];
await run(job);
