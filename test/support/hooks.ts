import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { stopPostgres } from "./postgres.ts";

/** Prepares what tests share, and ends it, so that no process outlives the run. */
export const mochaHooks = {
  // What tests start as processes of their own starts three times as fast from dist/ as through a loader.
  async beforeAll() {
    await promisify(execFile)(process.execPath, ["bin/build.mjs"]);
  },
  async afterAll() {
    await stopPostgres();
  },
};
