import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { readableLine } from "../../src/platform/readable-lines.ts";
import { newDatabase } from "../support/postgres.ts";

describe("the log on a terminal", () => {
  it("is lines that a person reads, in which nobody can begin one of their own", () => {
    const line = readableLine(
      JSON.stringify({
        level: 40,
        time: "2026-01-02T03:04:05.678Z",
        msg: "a\nb",
        name: "\u001b[2J",
        err: { message: "x" },
      }),
    );
    expect(line).to.equal("03:04:05  WARN  a\\u000ab  name=\\u001b[2J  x\n");
  });

  it("is there when the service runs on one, and JSON elsewhere", async function () {
    try {
      execFileSync("script", ["--version"], { stdio: "ignore" });
    } catch {
      process.stdout.write("    skipped: no `script`, which gives a program a terminal\n");
      this.skip();
    }
    const env = {
      ...process.env,
      ...{
        DATABASE_URL: await newDatabase(),
        PORT: "0",
        HOST: "127.0.0.1",
        PRICE_FEED: "none",
        LOG_LEVEL: "info",
      },
    };
    const command = `'${process.execPath}' dist/main.js`;
    const onTerminal = await firstLog("script", ["-qec", command, "/dev/null"], env);
    expect(onTerminal).to.match(/^\d\d:\d\d:\d\d {2}INFO {2}migrated the database/);
    const piped = await firstLog(process.execPath, ["dist/main.js"], {
      ...env,
      DATABASE_URL: await newDatabase(),
    });
    expect(JSON.parse(piped)).to.include({ msg: "migrated the database" });
  });
});

async function firstLog(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"], detached: true });
  const exited = once(child, "exit");
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.includes("is ready at")) break;
  }
  process.kill(-(child.pid as number), "SIGTERM");
  await exited;
  return printed.split(/\r?\n/).find((line) => line.includes("migrated the database")) ?? printed;
}
