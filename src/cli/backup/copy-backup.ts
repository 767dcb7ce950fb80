import { createHash } from "node:crypto";
import { once } from "node:events";
import { createGzip } from "node:zlib";
import { writeAtomically } from "../files/write-atomically.ts";
import { copyOut } from "./copy-protocol.ts";
import { HEADER_MARK, type Manifest, TRAILER_MARK, type Trailer } from "./manifest.ts";
import { countRows } from "./script.ts";
import type { Snapshot } from "./snapshot.ts";
import { columnList, isSaved, quote } from "./tables.ts";

/** Level 3 is three times as fast as the default, for a tenth more bytes. */
const GZIP_LEVEL = 3;

/**
 * Our own format, gzip: a comment line that says what it is, each table as COPY prints it, and a last comment line with
 * the rows' numbers and a checksum. Unpacked it is a script that psql can run on a migrated, empty database.
 */
export async function copyBackup({ client, tables, header }: Snapshot, file: string): Promise<Manifest> {
  const hash = createHash("sha256");
  const rows: Record<string, number> = {};
  const text = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from(`${HEADER_MARK}${JSON.stringify(header)}\n`);
    for (const { name, columns } of tables) {
      if (!isSaved(name)) continue;
      rows[name] = 0;
      yield Buffer.from(`COPY ${quote(name)} (${columnList(columns)}) FROM stdin;\n`);
      for await (const piece of copyOut(client, `COPY ${quote(name)} (${columnList(columns)}) TO STDOUT`)) {
        rows[name] += countRows(piece);
        yield piece;
      }
      yield Buffer.from("\\.\n");
    }
  };
  let trailer: Trailer | undefined;
  const whole = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of text()) {
      hash.update(piece);
      yield piece;
    }
    trailer = { rows, sha256: hash.digest("hex") };
    yield Buffer.from(`${TRAILER_MARK}${JSON.stringify(trailer)}\n`);
  };
  await writeAtomically(file, async (write) => {
    for await (const piece of zipped(whole())) await write(piece);
  });
  return { ...header, ...(trailer as unknown as Trailer) };
}

async function* zipped(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: GZIP_LEVEL });
  const feeding = (async () => {
    for await (const piece of pieces) if (!gzip.write(piece)) await once(gzip, "drain");
    gzip.end();
  })();
  feeding.catch((error: Error) => gzip.destroy(error));
  try {
    yield* gzip as AsyncIterable<Buffer>;
    await feeding;
  } finally {
    gzip.destroy();
  }
}
