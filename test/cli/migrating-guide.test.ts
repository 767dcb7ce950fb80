import { readFileSync } from "node:fs";
import { expect } from "chai";
import { get } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { db } from "./db-support.ts";
import { guideSteps } from "./guide.ts";
import { newFolder, runImport } from "./import-run.ts";
import { fillOldRedis, fillPrisma } from "./legacy-stores.ts";

const PRISMA = "postgresql://reader:secret@old-db.example.org:5432/playground";
const REDIS = "redis://:secret@old-redis.example.org:6379";
const SERVICE = "http://127.0.0.1:3000";

describe("docs/migrating.md", () => {
  let redis: TestRedis;
  let prisma: string;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let service: Instance | undefined;
  let DATABASE_URL: string;
  before(async function () {
    redis = await startRedis(this);
    folder = await newFolder();
    prisma = await newDatabase();
    DATABASE_URL = await newDatabase();
    await Promise.all([fillOldRedis(redis.url), fillPrisma(prisma)]);
  });
  after(async () => {
    await service?.stop();
    await redis?.stop();
    await folder?.remove();
  });

  it("works as it is written, from top to bottom, with the outputs that it shows", async () => {
    const steps = guideSteps("docs/migrating.md");
    expect(steps).to.have.length(12);
    for (const { command, output } of steps) {
      const seen = masked(await follow(command));
      if (process.env.SHOW_GUIDE !== undefined) process.stdout.write(`$ ${command}\n${seen}\n`);
      for (const line of output.map(masked)) expect(seen.split("\n"), command).to.include(line);
    }
    const { body } = await get<{ head: number }>(`${service?.url}/api/tape?since=0&limit=1`);
    expect(body.head).to.equal(60);
  });

  it("names every message that the importer can print", () => {
    const guide = readFileSync("docs/migrating.md", "utf8").replaceAll("`", "");
    for (const file of ["redis/failures", "prisma/connection"]) {
      const source = readFileSync(`src/cli/import/${file}.ts`, "utf8");
      const messages = [
        ...source.matchAll(/"(?:\$ |What answers at \$|This user of \$|The user of \$|A value of \$)[^"]*"/g),
      ];
      expect(messages).to.not.have.length(0);
      for (const [message] of messages) {
        const said = message.slice(1, -1).replace(/^\$ /, "").replace("$", "…");
        const words = said.split(/[:#(.]/)[0]?.trim() ?? "";
        expect(guide, message).to.include(words);
      }
    }
  });

  /** Runs a command of the guide with this test's addresses, and answers what it prints, with the guide's. */
  async function follow(command: string): Promise<string> {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const own = words.map((word) =>
      word
        .replace(PRISMA, prisma)
        .replace(REDIS, redis.url)
        .replace(SERVICE, service?.url ?? "")
        .replace(/^60$/, "0.5")
        .replace(/^(backups\/.*|.*\.(?:json|csv))$/, `${folder.path}/$1`),
    );
    if (command === "npm start") {
      service = await startInstance({ DATABASE_URL });
      return "";
    }
    if (own[0] === "curl") return await (await fetch(own[2] ?? "")).text();
    if (own[2] === "db:backup") return (await db({ DATABASE_URL }, "backup", ...own.slice(4))).out;
    const every = own.includes("--follow") ? ["--every", "0.05"] : [];
    const { code, stdout, stderr } = await runImport([...own.slice(4), ...every], { DATABASE_URL });
    expect(code, stderr).to.be.oneOf([0, 2]);
    return stdout + stderr;
  }

  /** What differs from run to run is masked, here and in the guide. */
  function masked(text: string): string {
    const name = (url: string) => {
      const { protocol, host, pathname } = new URL(url);
      return `${protocol.replace("postgres:", "postgresql:")}//${host}${pathname === "/" ? "" : pathname}`;
    };
    return text
      .replaceAll(name(prisma), name(PRISMA))
      .replaceAll(name(redis.url), name(REDIS))
      .replaceAll(`${folder.path}/`, "")
      .replace(/"(created_at|timestamp|at|epoch|priced_at)":"[^"]*"/g, '"$1":"…"')
      .replace(/\d+(?:\.\d+)? s: this/g, "… s: this");
  }
});
