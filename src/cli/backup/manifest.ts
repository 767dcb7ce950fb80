import { z } from "../../contracts/zod.ts";

const counts = z.record(z.string(), z.int().nonnegative());

/** What a backup says of itself before its data. */
export const header = z.object({
  format: z.literal(1),
  created_at: z.string(),
  /** The schema's version: names of the applied migrations. */
  migrations: z.array(z.string()),
  head: z.object({ seq: z.int(), oldest: z.int(), epoch: z.string() }),
});
export type Header = z.infer<typeof header>;

/** And after it. */
export const trailer = z.object({
  /** Rows by table. */
  rows: counts,
  /** Of everything before it, uncompressed; for a dump: of the dump's file. */
  sha256: z.string(),
});
export type Trailer = z.infer<typeof trailer>;

/** What stands beside a dump of pg_dump, which has no room for it. */
export const manifest = header.extend(trailer.shape);
export type Manifest = z.infer<typeof manifest>;

export const manifestFile = (file: string) => `${file}.manifest.json`;

export const HEADER_MARK = "-- trading-playground backup ";
export const TRAILER_MARK = "-- complete ";
