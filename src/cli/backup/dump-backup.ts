import { createHash } from "node:crypto";
import { writeAtomically } from "../files/write-atomically.ts";
import { runTool } from "./client-tools.ts";
import { type Manifest, manifestFile } from "./manifest.ts";
import type { Snapshot } from "./snapshot.ts";
import { BOOKKEEPING, isSaved, quote } from "./tables.ts";

/** A dump of pg_dump in its custom format, of the snapshot that is open, and a manifest beside it. */
export async function dumpBackup(
  { client, target, tables, header }: Snapshot,
  file: string,
  pgDump: string,
): Promise<Manifest> {
  const { rows: schemas } = await client.query<{ schema: string; snapshot: string }>(
    "SELECT current_schema() AS schema, pg_export_snapshot() AS snapshot",
  );
  const { schema = "public", snapshot = "" } = schemas[0] ?? {};
  const qualified = (name: string) => `${quote(schema)}.${quote(name)}`;
  const rows: Record<string, number> = {};
  for (const { name } of tables.filter((table) => isSaved(table.name))) {
    const { rows: counted } = await client.query<{ count: number }>(
      `SELECT count(*)::float8 AS count FROM ${qualified(name)}`,
    );
    rows[name] = counted[0]?.count ?? 0;
  }
  const { address, password } = withoutPassword(target.url);
  const args = [
    "--format=custom",
    `--snapshot=${snapshot}`,
    ...tables.map(({ name }) => `--table=${qualified(name)}`),
    ...tables
      .filter(({ name }) => !isSaved(name))
      .map(({ name }) => `--exclude-table-data=${qualified(name)}`),
    `--table=${qualified(BOOKKEEPING)}`,
    address,
  ];
  const hash = createHash("sha256");
  await writeAtomically(file, async (write) => {
    for await (const piece of runTool(pgDump, args, password)) {
      hash.update(piece);
      await write(piece);
    }
  });
  const manifest: Manifest = { ...header, rows, sha256: hash.digest("hex") };
  await writeAtomically(manifestFile(file), (write) => write(`${JSON.stringify(manifest, null, 2)}\n`));
  return manifest;
}

/** The URL as libpq takes it, without the password and without what only Prisma knows. */
function withoutPassword(url: string): { address: string; password: string | undefined } {
  const address = new URL(url);
  const password = address.password === "" ? undefined : decodeURIComponent(address.password);
  address.password = "";
  for (const name of ["schema", "pgbouncer", "connection_limit", "pool_timeout"])
    address.searchParams.delete(name);
  return { address: address.toString(), password };
}
