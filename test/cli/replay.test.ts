import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { get } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

const SEASON = resolve("../shared/data/alpha-arena-2025-10-26");

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

function replay(...args: string[]): Promise<Run> {
  return new Promise((done) => {
    execFile(process.execPath, ["dist/cli/replay.js", ...args], (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe("npm run replay", () => {
  let app: App;
  let folder: string;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    folder = await mkdtemp(join(tmpdir(), "replay-"));
  });
  after(async () => {
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const tape = async () =>
    (
      await get<{ events: { data: { id: string; timestamp: string; closed_at: string } }[] }>(
        `${app.url}/api/tape?limit=1000`,
      )
    ).body.events.map(({ data }) => data);

  it("plays a season in the order of its own times, which are kept, and adds nothing twice", async function () {
    if (!existsSync(SEASON)) {
      process.stdout.write(`    skipped: the recorded season is not at ${SEASON}\n`);
      this.skip();
    }
    const first = await replay(SEASON, "--url", app.url, "--speed", "100000000x");
    expect(first).to.include({ code: 0, stdout: "played 230 new, 0 there before, 0 refused\n" });
    const trades = await tape();
    const times = trades.map(({ timestamp }) => timestamp);
    expect(times).to.deep.equal([...times].sort());
    expect(times[0]).to.match(/^2025-10-17T/);
    const again = await replay(join(SEASON, "trades.json"), "--url", app.url);
    expect(again.stdout).to.equal("played 0 new, 230 there before, 0 refused\n");
    expect(await tape()).to.have.length(230);
  });

  it("waits between the trades as long as they are apart, divided by the speed", async () => {
    const file = join(folder, "season.csv");
    const row = (id: string, second: number) =>
      `${id},gpt-5,BTC,buy,1,100,2025-10-20T00:00:${String(second).padStart(2, "0")}.000Z`;
    await writeFile(file, `id,model,symbol,side,qty,price,timestamp\n${row("r2", 40)}\n${row("r1", 0)}\n`);
    const before = (await tape()).length;
    const { code } = await replay(file, "--url", app.url, "--speed", "80");
    expect(code).to.equal(0);
    const played = (await tape()).slice(before) as { id: string; created_at?: string }[];
    expect(played.map(({ id }) => id)).to.deep.equal(["r1", "r2"]);
    const [from, to] = played.map(({ created_at }) => Date.parse(created_at ?? ""));
    // Half a second; the first may have been late.
    expect((to ?? 0) - (from ?? 0)).to.be.at.least(100);
  });

  it("says what is wrong with a season, a speed, or a playground that is not there", async () => {
    expect((await replay(join(folder, "nothing.json"), "--url", app.url)).stderr).to.include("no such file");
    expect((await replay(folder, "--speed", "fast")).stderr).to.include("600x");
    const file = join(folder, "one.csv");
    await writeFile(file, "id,model,symbol,side,qty,price\nx1,m,BTC,buy,1,1\nx2,m,BTC,hold,1,1\n");
    const unreachable = await replay(file, "--url", "http://127.0.0.1:9");
    expect(unreachable).to.include({ code: 1 });
    expect(unreachable.stderr).to.include("cannot be reached");
    const partly = await replay(file, "--url", app.url);
    expect(partly).to.include({ code: 2, stdout: "played 1 new, 0 there before, 1 refused\n" });
    expect(partly.stderr).to.include("line 3: side");
  });
});
