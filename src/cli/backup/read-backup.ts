import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { findTool, runTool } from "./client-tools.ts";
import {
  HEADER_MARK,
  header as headerShape,
  manifestFile,
  manifest as manifestShape,
  TRAILER_MARK,
  trailer as trailerShape,
} from "./manifest.ts";
import { type Part, parts, type Table } from "./script.ts";
import { BOOKKEEPING } from "./tables.ts";

/** A backup that can be read, of either format. */
export interface BackupReader {
  migrations: string[];
  createdAt?: string | undefined;
  /** The tables, once; each is to be read before the next. @throws Error where the file is not whole. */
  tables(): AsyncGenerator<Table>;
  /** Rows by table that the backup says it has; undefined for a dump without its manifest. Known after the tables. */
  rows(): Record<string, number> | undefined;
}

const DAMAGED = "is damaged: its checksum is not the one it was written with";

/** @throws Error with a sentence: no such file, no backup, damaged. */
export async function readBackup(file: string): Promise<BackupReader> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${file} cannot be read: ${error.code === "ENOENT" ? "there is no such file" : error.code}.`,
    );
  });
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw new Error(`${file} cannot be read: it is a folder.`);
  }
  const magic = Buffer.alloc(5);
  await handle.read(magic, 0, 5, 0).finally(() => handle.close());
  if (magic.toString("latin1") === "PGDMP") return await readDump(file);
  if (magic[0] === 0x1f && magic[1] === 0x8b) return await readCopy(file);
  throw new Error(`${file} is no backup: neither a dump of pg_dump's custom format nor one of ours.`);
}

async function readCopy(file: string): Promise<BackupReader> {
  const first = await firstPart(file);
  if (first === undefined || !("comment" in first) || !first.comment.startsWith(HEADER_MARK)) {
    throw new Error(`${file} is no backup: it does not begin as one.`);
  }
  const header = headerShape.safeParse(json(first.comment.slice(HEADER_MARK.length)));
  if (!header.success) throw new Error(`${file} was made by a version whose backups this one cannot read.`);
  let rows: Record<string, number> | undefined;
  return {
    migrations: header.data.migrations,
    createdAt: header.data.created_at,
    rows: () => rows,
    async *tables() {
      const hash = createHash("sha256");
      let last: string | undefined;
      for await (const part of parts(hashed(unzipped(file), hash))) {
        if ("comment" in part) last = part.comment;
        else yield part;
      }
      const end = last?.startsWith(TRAILER_MARK)
        ? trailerShape.safeParse(json(last.slice(TRAILER_MARK.length)))
        : undefined;
      if (end?.success !== true) throw new Error(`${file} is not whole: it breaks off.`);
      if (end.data.sha256 !== hash.digest("hex")) throw new Error(`${file} ${DAMAGED}.`);
      rows = end.data.rows;
    },
  };
}

async function firstPart(file: string): Promise<Part | undefined> {
  for await (const part of parts(unzipped(file))) return part;
  return undefined;
}

async function* unzipped(file: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const source = createReadStream(file);
  // What goes wrong with the file comes out of gunzip, where it is met.
  pipeline(source, gunzip, () => {});
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    throw new Error(`${file} is damaged, or not whole: ${(error as NodeJS.ErrnoException).code}.`);
  } finally {
    source.destroy();
  }
}

/** Everything but the last line goes into the hash. */
async function* hashed(
  chunks: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    // The last line's own line end is its last byte, so look before it.
    const cut = held.lastIndexOf(10, held.length - 2) + 1;
    hash.update(held.subarray(0, cut));
    held = held.subarray(cut);
    yield chunk;
  }
}

async function readDump(file: string): Promise<BackupReader> {
  const tool = await findTool("pg_restore");
  if (tool === undefined)
    throw new Error(
      "There is no pg_restore here, which this backup needs: install PostgreSQL's client programs.",
    );
  const beside = manifestShape.safeParse(
    json(await readFile(manifestFile(file), "utf8").catch(() => "null")),
  );
  const data = beside.success ? beside.data : undefined;
  if (data !== undefined && (await sha256(file)) !== data.sha256) throw new Error(`${file} ${DAMAGED}.`);
  const script = (...more: string[]) => parts(runTool(tool.path, ["--data-only", ...more, "--file=-", file]));
  return {
    migrations: data?.migrations ?? (await migrationsOf(script(`--table=${BOOKKEEPING}`))),
    createdAt: data?.created_at,
    rows: () => data?.rows,
    async *tables() {
      for await (const part of script()) if ("table" in part && part.table !== BOOKKEEPING) yield part;
    },
  };
}

async function migrationsOf(script: AsyncGenerator<Part>): Promise<string[]> {
  const lines: Buffer[] = [];
  for await (const part of script) {
    if ("table" in part) for await (const piece of part.rows) lines.push(Buffer.from(piece));
  }
  return Buffer.concat(lines)
    .toString("utf8")
    .split("\n")
    .filter((name) => name !== "");
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
