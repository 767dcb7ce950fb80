import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importRecords } from "../../src/cli/import/import-records.ts";
import type { SourceCommand } from "../../src/cli/import/source.ts";
import { loadConfig } from "../../src/config.ts";

export interface ImportRun {
  child: ChildProcess;
  /** Resolves when the command has ended. */
  ended: Promise<{ code: number | null; stdout: string; stderr: string; counts: Record<string, number> }>;
}

/** Starts the import command as a process of its own, as users do. `counts` is the summary it printed. */
export function startImport(args: string[], environment: Record<string, string>): ImportRun {
  const child = spawn(process.execPath, ["--enable-source-maps", "dist/cli/import.js", ...args], {
    env: { ...process.env, DATABASE_URL: "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text;
  });
  const ended = once(child, "close").then(([code]) => {
    const counts = [...printed.stdout.matchAll(/^ {2}(\w+) +(\d+)/gm)].map(([, name, count]) => [
      name,
      Number(count),
    ]);
    return { code: code as number | null, ...printed, counts: Object.fromEntries(counts) };
  });
  return { child, ended };
}

export const runImport = (args: string[], environment: Record<string, string>) =>
  startImport(args, environment).ended;

/** The sentence with which an import fails, in the test's own process. */
export async function whyNot(command: SourceCommand, argument: string, databaseUrl: string): Promise<string> {
  const config = loadConfig({ DATABASE_URL: databaseUrl }, "/");
  let printed = "";
  const print = (text: string) => {
    printed += text;
  };
  return await importRecords(command, argument, { config, print, log: () => {} }).then(
    () => `The import went through:\n${printed}`,
    (error: Error) => error.message,
  );
}

/** A folder for the files of one test; `remove` takes it away. */
export async function newFolder() {
  const path = await mkdtemp(join(tmpdir(), "trading-playground-import-"));
  return {
    path,
    async write(name: string, content: string | Buffer): Promise<string> {
      const file = join(path, name);
      await writeFile(file, content);
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** One row of each trade in the database, in the tape's order. */
export const ALL_TRADES = `SELECT id, seq::int, model, symbol, side, qty::text, price::text, pnl::text, status,
  "timestamp", exit_price::text, fee::text, leverage::text, opened_at, closed_at, note, meta FROM trades ORDER BY seq`;

export interface StoredTrade {
  id: string;
  seq: number;
  model: string;
  symbol: string;
  side: string;
  qty: string;
  price: string;
  pnl: string;
  status: string;
  timestamp: Date;
  exit_price: string | null;
  fee: string;
  leverage: string;
  opened_at: Date | null;
  closed_at: Date | null;
  note: string | null;
  meta: Record<string, unknown> | null;
}
