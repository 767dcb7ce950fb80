import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Client } from "pg";
import type { Target } from "../db/target.ts";
import { findTool } from "./client-tools.ts";
import { copyBackup } from "./copy-backup.ts";
import { dumpBackup } from "./dump-backup.ts";
import type { Manifest } from "./manifest.ts";
import { takeSnapshot } from "./snapshot.ts";
import { openClient, useSchema } from "./tables.ts";

export type BackupFormat = "dump" | "copy";

/**
 * Saves our tables as they are at one moment, while the service runs. With pg_dump of the server's version or newer it is
 * a dump in PostgreSQL's custom format, else (`copy`) one of our own, which needs no program.
 * @param file where to; by default a name with the time, in `backups/`.
 * @returns the file, and what is in it. @throws Error with a sentence; nothing is left then.
 */
export async function backup(
  target: Target,
  file?: string,
  wanted?: BackupFormat,
): Promise<{ file: string; format: BackupFormat; manifest: Manifest }> {
  const client = await openClient(target.url, "backup");
  try {
    await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await useSchema(client, target.schema);
    const tool = wanted === "copy" ? undefined : await usableDump(client, wanted);
    const snapshot = await takeSnapshot(client, target);
    const format = tool === undefined ? "copy" : "dump";
    const path = file ?? defaultName(target, snapshot.header.created_at, format);
    await mkdir(dirname(path), { recursive: true });
    const manifest =
      tool === undefined ? await copyBackup(snapshot, path) : await dumpBackup(snapshot, path, tool.path);
    return { file: path, format, manifest };
  } finally {
    await client.end().catch(() => {});
  }
}

/** pg_dump, where it knows this server's version. */
async function usableDump(client: Client, wanted: BackupFormat | undefined) {
  const tool = await findTool("pg_dump");
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS version",
  );
  const server = rows[0]?.version ?? 0;
  if (tool !== undefined && tool.major >= server) return tool;
  if (wanted !== "dump") return undefined;
  throw new Error(
    tool === undefined
      ? "There is no pg_dump here: install PostgreSQL's client programs, or leave --format out."
      : `pg_dump here is of version ${tool.major}, and the server of ${server}: install its client programs, or leave --format out.`,
  );
}

function defaultName({ database }: Target, createdAt: string, format: BackupFormat): string {
  const time = createdAt.slice(0, 19).replaceAll(":", "-");
  return `backups/${database}-${time}Z.${format === "dump" ? "dump" : "copy.gz"}`;
}
