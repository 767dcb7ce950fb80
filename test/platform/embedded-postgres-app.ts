// An app that does nothing but hold an embedded PostgreSQL: tests start it as a process of its own to kill it.
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres/index.ts";

const { url, dataDir, attached } = await startEmbeddedPostgres({
  dataDir: process.argv[2] ?? "",
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ url, dataDir, attached })}\n`);
process.stdin.resume();
