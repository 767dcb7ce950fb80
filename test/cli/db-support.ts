import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIGRATIONS_FOLDER } from "../../src/platform/postgres/migrate.ts";

export interface Run {
  code: number | null;
  /** Standard output. */
  out: string;
  /** Standard error, without what npm says of the machine's own settings. */
  err: string;
}

async function run(program: string, args: string[], environment: Record<string, string>): Promise<Run> {
  const child = spawn(program, args, {
    env: { ...process.env, NODE_ENV: "", DATABASE_URL: "", REDIS_URL: "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, "close");
  return { code, out, err: err.replace(/^npm warn.*\n/gm, "") };
}

/** Runs a database command as `npm run db:…` does, which would build each time what is built once before all tests. */
export function db(environment: Record<string, string>, ...args: string[]): Promise<Run> {
  return run(process.execPath, ["dist/cli/db.js", ...args], environment);
}

/** Runs the stock sequelize-cli with the project's .sequelizerc. */
export const sequelizeCli = (url: string, ...args: string[]): Promise<Run> =>
  run(process.execPath, ["node_modules/sequelize-cli/lib/sequelize", ...args], { DATABASE_URL: url });

/** A copy of the migrations that a test may add to. `remove` it afterwards. */
export async function copyMigrations(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-migrations-"));
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes a migration into such a copy that runs these statements, one a line. */
export async function addMigration(
  folder: string,
  file: string,
  up: string[],
  down: string[],
): Promise<void> {
  const body = (statements: string[]) =>
    statements.map((sql) => `  await q.sequelize.query(${JSON.stringify(sql)});`).join("\n");
  await writeFile(
    join(folder, file),
    `export async function up(q) {\n${body(up)}\n}\nexport async function down(q) {\n${body(down)}\n}\n`,
  );
}

/** The same database, another schema of it. */
export function inSchema(url: string, schema: string): string {
  return `${url}?schema=${schema}`;
}
