import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const HOW_TO = "no Chromium on the PATH: install it (apt install chromium) to run these tests";
/** A busy machine may take this long for what a quiet one does at once; tests wait for what they wait for, not for this. */
export const PATIENCE_MS = 240_000;
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The system's Chromium, for whoever starts it to close. Where there is none the tests are skipped with a sentence; in CI that is an error. */
export async function startChromium(context: Mocha.Context): Promise<Browser> {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/bin"];
  const executablePath = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  if (executablePath !== undefined) return await chromium.launch({ executablePath, args: QUIET });
  if (process.env.CI === "true") throw new Error(HOW_TO);
  process.stdout.write(`    skipped: ${HOW_TO}\n`);
  return context.skip() as never;
}
