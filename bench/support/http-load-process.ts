/**
 * The HTTP load maker, in a process of its own: keep-alive connections that each have one request in flight, written
 * as fixed bytes; of an answer only the status and its length are read. Light, so that the server's limit shows.
 */
import { connect, type Socket } from "node:net";
import type { HttpJob, HttpResult } from "./http-load.ts";

const HEAD_END = Buffer.from("\r\n\r\n");
const READ_BUFFER_BYTES = 64 * 1024;

function run(job: HttpJob): void {
  const requests = job.requests.map((text) => Buffer.from(text));
  const answers: Record<string, number> = {};
  let turn = 0;
  let succeeded = 0;
  let counted = 0;
  let counting = false;
  let stopping = false;
  let open = 0;

  const finish = (): void => {
    const { user, system } = process.cpuUsage();
    const result: HttpResult = { counted, succeeded, answers, cpuSeconds: (user + system) / 1e6 };
    process.send?.(result);
  };
  const sendNext = (socket: Socket): void => {
    turn = (turn + 1) % requests.length;
    socket.write(requests[turn] as Buffer);
  };
  const answered = (socket: Socket, status: string): void => {
    if (status.startsWith("2")) {
      succeeded += 1;
      if (counting) counted += 1;
    } else answers[status] = (answers[status] ?? 0) + 1;
    if (!stopping) sendNext(socket);
    else socket.end();
  };

  for (let index = 0; index < job.connections; index += 1) {
    const reader = answerReader((status) => answered(socket, status));
    const onread = {
      buffer: Buffer.alloc(READ_BUFFER_BYTES),
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        reader(buffer as Buffer, bytes);
        return true;
      },
    };
    const socket: Socket = connect({ port: job.port, host: "127.0.0.1", noDelay: true, onread });
    socket.once("connect", () => sendNext(socket));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? "error";
      answers[code] = (answers[code] ?? 0) + 1;
    });
    open += 1;
    socket.once("close", () => {
      if (!stopping) answers.closed = (answers.closed ?? 0) + 1;
      open -= 1;
      if (open === 0) finish();
    });
  }

  setTimeout(() => {
    counting = true;
  }, job.warmupSeconds * 1000);
  setTimeout(
    () => {
      counting = false;
      stopping = true;
    },
    (job.warmupSeconds + job.seconds) * 1000,
  );
}

/** Reads a connection's answers as their bytes arrive and reports each one's status when it is complete. */
function answerReader(onAnswer: (status: string) => void): (buffer: Buffer, bytes: number) => void {
  let missing = 0;
  let status = "";
  let head = Buffer.alloc(0);
  return (buffer, bytes) => {
    if (missing > 0) {
      missing -= bytes;
      if (missing === 0) onAnswer(status);
      return;
    }
    const fresh = buffer.subarray(0, bytes);
    const all = head.length === 0 ? fresh : Buffer.concat([head, fresh]);
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      head = Buffer.from(all);
      return;
    }
    head = Buffer.alloc(0);
    const text = all.toString("latin1", 0, end);
    const length = /content-length: (\d+)/i.exec(text)?.[1];
    if (length === undefined) throw new Error(`an answer without content-length: ${text}`);
    status = text.slice(9, 12);
    missing = end + HEAD_END.length + Number(length) - all.length;
    if (missing === 0) onAnswer(status);
  };
}

process.once("message", (job: HttpJob) => run(job));
process.once("disconnect", () => process.exit());
