import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const CONFIG = join(ROOT, ".dependency-cruiser.cjs");

interface Cruise {
  modules: { source: string; dependencies: { resolved: string }[] }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

/** Runs dependency-cruiser as `npm run check:imports` does, in `folder`, and reads what it found. */
async function cruise(folder: string): Promise<Cruise> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const [program, ...paths] = String(scripts["check:imports"])
    .replace(/--config \S+/, "")
    .trim()
    .split(/\s+/);
  expect(program).to.equal("depcruise");
  const args = [PROGRAM, ...paths, "--config", CONFIG, "--output-type", "json"];
  return await new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        // It ends with an error's code where it found a violation, which is an answer like any other.
        if (stdout.startsWith("{")) resolve(JSON.parse(stdout));
        else reject(new Error(stderr));
      },
    );
  });
}

describe("The import rules", () => {
  it("hold for the whole tree, which was really read", async () => {
    const { modules, summary } = await cruise(ROOT);
    const arrows = new Set(
      modules.flatMap(({ source, dependencies }) =>
        dependencies.map(({ resolved }) => `${source} → ${resolved}`),
      ),
    );
    expect(modules.filter(({ source }) => /^src\/.*\.ts$/.test(source)).length).to.be.greaterThan(80);
    expect([...arrows]).to.include.members([
      "src/serve.ts → src/app.ts",
      "src/app.ts → src/trades/index.ts",
      "src/trades/record-trade.ts → src/tape/index.ts",
      "src/stream/stream.ts → src/tape/index.ts",
      // Types alone.
      "src/tape/append.ts → src/contracts/tape.ts",
    ]);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).to.deep.equal([]);
  });

  it("each find what they forbid", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trading-playground-imports-"));
    try {
      await writeTree(folder, BREAKS_EVERY_RULE);
      const { summary } = await cruise(folder);
      const found = new Set(summary.violations.map(({ rule }) => rule.name));
      const { forbidden } = (await import(CONFIG)).default as { forbidden: { name: string }[] };
      expect([...found].sort()).to.deep.equal(forbidden.map(({ name }) => name).sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const value = "export const value = 1;\n";
const uses = (path: string) => `export { value as other } from "${path}";\n`;
const knows = (path: string) => `import type { value } from "${path}";\nexport type Known = typeof value;\n`;

/** A small tree in which every rule is broken, most of them once. */
const BREAKS_EVERY_RULE: Record<string, string> = {
  "src/main.ts": value,
  "src/app.ts": `${value}${uses("./main.ts")}`,
  "src/config.ts": value,
  "src/contracts/trades.ts": `${value}${knows("../tape/index.ts")}`,
  "src/platform/logger.ts": `${value}${knows("../contracts/trades.ts")}`,
  "src/platform/errors.ts": `${value}${uses("./embedded-postgres/port.ts")}`,
  "src/platform/embedded-postgres/index.ts": value,
  "src/platform/embedded-postgres/port.ts": value,
  "src/tape/index.ts": `${value}${knows("../stream/index.ts")}`,
  "src/tape/append.ts": value,
  "src/stream/index.ts": `${value}${knows("../trades/index.ts")}`,
  "src/trades/index.ts": `${value}${knows("./trade.ts")}`,
  "src/trades/trade.ts": `${value}${knows("./index.ts")}`,
  "src/trades/routes.ts": uses("../tape/append.ts"),
  "src/news/index.ts": knows("../stream/index.ts"),
  "src/portfolio/index.ts": `${value}${knows("../sentiment/index.ts")}`,
  "src/portfolio/valuation.ts": knows("../config.ts"),
  "src/portfolio/report.ts": uses("../cli/import/source.ts"),
  "src/cli/import/source.ts": value,
  "src/sentiment/index.ts": value,
  "src/sentiment/score.ts": knows("../portfolio/index.ts"),
  "src/market/index.ts": `${uses("../../web/pages/live.ts")}import "mocha";\nimport "./nowhere.ts";\n`,
  "web/pages/live.ts": `${value}${knows("../../src/config.ts")}`,
  "web/pages/portfolio.ts": uses("../../src/contracts/trades.ts"),
  "migrations/1-create.js": uses("../src/config.ts"),
  "bin/run.mjs": "export {};\n",
};

async function writeTree(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const name of ["package.json", "tsconfig.json"]) {
    await writeFile(join(folder, name), await readFile(join(ROOT, name)));
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
}
