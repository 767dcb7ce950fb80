/**
 * The subscribers, in a process of their own: websocket clients that count records without parsing each frame, so that
 * two hundred of them leave the server its CPU. The first client parses everything and checks the others' counting.
 */
import { WebSocket } from "ws";
import { frameCounter, sampleChecker } from "./frames.ts";
import type { SubscriberCounts, SubscriberJob, SubscriberOrder } from "./subscribers.ts";

const LOOK_EVERY_MS = 20;

function run(job: SubscriberJob): void {
  const countRecords = frameCounter(job.dialect);
  const sample = sampleChecker(job.dialect);
  const received = new Array<number>(job.clients).fill(0);
  let ready = 0;
  let cutOff = 0;

  const becameReady = (): void => {
    ready += 1;
    if (ready === job.clients) process.send?.("ready");
  };

  for (let index = 0; index < job.clients; index += 1) {
    const path = job.dialect === "raw" ? "/" : "/socket.io/?EIO=4&transport=websocket";
    const socket = new WebSocket(`ws://127.0.0.1:${job.port}${path}`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    socket.on("error", (error) => process.stderr.write(`subscriber: ${error.message}\n`));
    socket.once("close", () => {
      cutOff += 1;
    });
    if (job.dialect === "raw") socket.once("open", becameReady);
    socket.on("message", (data: Buffer) => {
      if (job.dialect !== "raw" && answerProtocol(socket, data, job.dialect, becameReady)) return;
      received[index] = (received[index] ?? 0) + countRecords(data);
      if (index === 0) sample.read(data);
    });
  }

  const counts = (): SubscriberCounts => ({
    delivered: received.reduce((sum, one) => sum + one, 0),
    fewest: Math.min(...received),
    most: Math.max(...received),
    cutOff,
    sampleFault: sample.fault(received[0] ?? 0),
  });
  const reportWhen = (order: SubscriberOrder, deadline: number): void => {
    const now = counts();
    if (now.fewest >= order.untilEachHas || Date.now() >= deadline) process.send?.(now);
    else setTimeout(reportWhen, LOOK_EVERY_MS, order, deadline);
  };
  process.on("message", (order: SubscriberOrder) => reportWhen(order, Date.now() + order.waitAtMostMs));
}

/**
 * The little of Engine.IO 4 and Socket.IO 5 that a subscriber needs: open, connect, ping, and our subscribe with its
 * acknowledgement. Answers whether the frame was one of these.
 */
function answerProtocol(
  socket: WebSocket,
  data: Buffer,
  dialect: "naive" | "tape",
  ready: () => void,
): boolean {
  const kind = data.toString("latin1", 0, 2);
  if (kind.startsWith("0")) socket.send("40");
  else if (kind === "40") {
    if (dialect === "tape") socket.send('420["subscribe",{"channels":["trades"]}]');
    else ready();
  } else if (kind === "43") {
    if (!data.includes('"ok":true')) throw new Error(`subscribe was answered with ${data.toString()}`);
    ready();
  } else if (kind === "2") socket.send("3");
  else if (kind === "44") throw new Error(`connecting was answered with ${data.toString()}`);
  else return false;
  return true;
}

process.once("message", (job: SubscriberJob) => run(job));
process.once("disconnect", () => process.exit());
