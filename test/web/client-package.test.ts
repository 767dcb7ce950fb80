import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

const run = promisify(execFile);
const NEEDED = ["socket.io-client", "typescript"];

/** Ten lines as a user would write them; the marked ones are wrong. */
const CONSUMER = `
import { createPlaygroundClient, type LeaderboardRow, type Trade } from "trading-playground/client";
const client = createPlaygroundClient({ url: "http://127.0.0.1:3000", channels: ["trades", "leaderboard"] });
const best = (rows: LeaderboardRow[]): string | undefined => rows[0]?.model;
const sum = (trades: Trade[]): number => trades.reduce((all, trade) => all + trade.qty * trade.price, 0);
export const stop: () => void = client.on("trades", (trades) => sum(trades).toFixed(2));
client.on("leaderboard", (rows) => best(rows)?.toUpperCase());
client.on("reset", ({ reason, head }) => (reason === "epoch" ? head.toFixed() : reason));
client.on("trades", (trades) => trades[0]?.quantity);
createPlaygroundClient({ channels: "trades" });
client.on("nothing", () => {});
`;

describe("the package's client", () => {
  let folder: string;
  let app: App;
  let child: ChildProcess | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "trading-playground-client-"));
    const modules = join(folder, "node_modules");
    await run("npm", ["run", "build"]);
    // As npm installs it: the tarball's files, and beside them the packages that they ask for.
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder]);
    await mkdir(join(modules, "trading-playground"), { recursive: true });
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    const tarball = join(folder, `trading-playground-${version}.tgz`);
    await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, "trading-playground")]);
    for (const name of NEEDED) {
      await symlink(join(process.cwd(), "node_modules", name), join(modules, name));
    }
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    app = await startHere({ DATABASE_URL: await newDatabase() });
  });
  after(async () => {
    child?.kill("SIGKILL");
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("runs the example of docs/client.md in plain node: the past, then what comes", async () => {
    const text = await readFile("docs/client.md", "utf8");
    const example = /```js\n(.*?)```/s.exec(text)?.[1] ?? "";
    await writeFile(join(folder, "example.js"), example);
    await post(`${app.url}/api/trades`, aTrade({ model: "past", qty: 2, symbol: "ETH", price: 3000 }));
    child = spawn(process.execPath, ["example.js", app.url], { cwd: folder });
    let printed = "";
    child.stdout?.on("data", (chunk) => {
      printed += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      printed += chunk;
    });
    await eventually(async () => printed.includes("[live]"));
    await post(`${app.url}/api/trades`, aTrade({ model: "now", qty: 1, symbol: "BTC", price: 65_000 }));
    await post(`${app.url}/api/market/prices`, { prices: [{ symbol: "BTC", price: 65_001 }] });
    await eventually(async () => printed.includes("BTC is at 65001") && printed.includes("now:"));
    expect(printed.split("\n").filter((line) => /^[#[]/.test(line))).to.deep.equal([
      "[catching-up]",
      "#1 past: buy 2 ETH at 3000",
      "[live]",
      "#2 now: buy 1 BTC at 65000",
    ]);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).to.deep.equal([0, null]);
  });

  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    it(`gives TypeScript real types (moduleResolution ${moduleResolution})`, async () => {
      await writeFile(join(folder, "consumer.ts"), CONSUMER);
      const options = { strict: true, noEmit: true, target: "es2022", lib: ["es2022"], types: [] };
      const config = { compilerOptions: { ...options, module, moduleResolution }, files: ["consumer.ts"] };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
      const compiler = join(folder, "node_modules/typescript/bin/tsc");
      const found = await run(process.execPath, [compiler, "-p", folder]).then(
        () => "",
        (error: { stdout: string }) => error.stdout,
      );
      const places = [...found.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm)].map(
        ([, file, line, code]) => `${file?.split("/").at(-1)}:${line} ${code}`,
      );
      expect(places, found).to.deep.equal([
        "consumer.ts:9 TS2339",
        "consumer.ts:10 TS2322",
        "consumer.ts:11 TS2345",
      ]);
    });
  }
});
