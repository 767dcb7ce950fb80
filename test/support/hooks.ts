import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startSharedPostgres, stopSharedPostgres } from "./postgres.ts";

/** Prepares what all test files share, in mocha's main process and before its workers begin. */
export async function mochaGlobalSetup(): Promise<void> {
  // What tests start as processes of their own starts three times as fast from dist/ as through a loader.
  await promisify(execFile)(process.execPath, ["bin/build.mjs"]);
  await startSharedPostgres();
}

/** Ends it, so that no process outlives the run. */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopSharedPostgres();
}
