import { once } from "node:events";
import type { Socket } from "node:net";
import type { Client, Submittable } from "pg";

/** The part of pg's connection that COPY needs, and that its types leave out. */
interface Wire {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** What pg calls on the query that runs; of these a COPY meets only some. */
interface CopyQuery {
  submit(wire: Wire): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCommandComplete(): void;
  handleCopyInResponse(wire: Wire): void;
  handleCopyData(message: { chunk: Buffer }): void;
}

const PIECE_BYTES = 64 * 1024;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Runs `COPY … TO STDOUT`. @returns its text in pieces of whole rows; PostgreSQL waits while nobody reads. */
export async function* copyOut(client: Client, sql: string): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = [];
  let bytes = 0;
  let wire: Wire | undefined;
  let end: { error?: Error } | undefined;
  let wake = () => {};
  const finish = (error?: Error) => {
    end ??= error === undefined ? {} : { error };
    wake();
  };
  submit(client, {
    submit(connection) {
      wire = connection;
      connection.query(sql);
    },
    handleCopyData({ chunk }) {
      // pg uses the memory under its chunk again.
      waiting.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > MAX_WAITING_BYTES) wire?.stream.pause();
      if (bytes >= PIECE_BYTES) wake();
    },
    handleError: finish,
    handleReadyForQuery: () => finish(),
    handleCommandComplete() {},
    handleCopyInResponse() {},
  });
  for (;;) {
    if (end === undefined && bytes < PIECE_BYTES) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (end?.error !== undefined) throw end.error;
    if (bytes > 0) {
      const piece = Buffer.concat(waiting.splice(0));
      bytes = 0;
      wire?.stream.resume();
      yield piece;
    } else if (end !== undefined) return;
  }
}

/** Runs `COPY … FROM STDIN` with these pieces of text. @throws PostgreSQL's error, or that of the pieces' source. */
export async function copyIn(client: Client, sql: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let sourceError: unknown;
  let isOver = false;
  const feed = async (wire: Wire) => {
    try {
      for await (const piece of pieces) {
        if (isOver) return;
        wire.sendCopyFromChunk(piece);
        if (wire.stream.writableNeedDrain) await drained(wire.stream);
      }
      wire.endCopyFrom();
    } catch (error) {
      sourceError = error;
      wire.sendCopyFail("the source broke off");
    }
  };
  await new Promise<void>((resolve, reject) => {
    submit(client, {
      submit: (wire) => wire.query(sql),
      handleCopyInResponse: (wire) => void feed(wire),
      handleError(error) {
        isOver = true;
        reject(sourceError ?? error);
      },
      handleReadyForQuery: () => resolve(),
      handleCommandComplete() {},
      handleCopyData() {},
    });
  });
}

/** Resolves when the socket takes more, or is closed: then the query fails by itself. */
async function drained(socket: Socket): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]).catch(() => {});
  over.abort();
}

/** pg asks of a query only that it can be submitted, and calls the rest. */
function submit(client: Client, query: CopyQuery): void {
  client.query(query as unknown as Submittable);
}
