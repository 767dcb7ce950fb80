import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { newDatabase } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";

describe("db:studio", () => {
  it("serves the data browser on loopback and ends with the command", async function () {
    if (process.env.TEST_STUDIO !== "true") {
      process.stdout.write(
        "    skipped: npm would fetch Prisma Studio; set TEST_STUDIO=true to run this test\n",
      );
      this.skip();
    }
    this.timeout(300_000);
    const url = await newDatabase();
    await migrate(url);
    const port = await freePort();
    const child = spawn(
      process.execPath,
      ["bin/run.mjs", "cli/db", "studio", "--no-open", "--port", `${port}`],
      {
        env: { ...process.env, DATABASE_URL: url },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const ended = once(child, "exit");
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes(`:${port}`)) break;
    }
    const address = `http://127.0.0.1:${port}`;
    expect(await (await fetch(address)).text()).to.include("studio.js");
    child.kill("SIGTERM");
    expect(await ended).to.deep.equal([0, null]);
    expect(await fetch(address).catch(() => "refused")).to.equal("refused");
  });
});
