import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Target } from "./target.ts";

/**
 * Prisma Studio (Apache-2.0) reads any PostgreSQL database without a Prisma schema, brings its page along and listens
 * on 127.0.0.1 only. It is fetched on demand; its install scripts, which would fetch more, are not needed.
 */
const STUDIO = "prisma@7.10.1";
const CONFIG = "export default { datasource: { url: process.env.STUDIO_DATABASE_URL } };\n";

/**
 * Runs the data browser until it is ended. The database's URL goes by the environment, so that no list of processes
 * shows its password.
 * @throws Error where it cannot be fetched or ends by itself.
 */
export async function studio(target: Target, options: { port?: string; open: boolean }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-studio-"));
  try {
    await writeFile(join(folder, "prisma.config.mjs"), CONFIG);
    const port = options.port === undefined ? [] : ["--port", options.port];
    const browser = options.open ? [] : ["--browser", "none"];
    const child = spawn(
      process.platform === "win32" ? "npm.cmd" : "npm",
      [
        ...["exec", "--yes", "--ignore-scripts", "--loglevel=error", `--package=${STUDIO}`, "--"],
        ...["prisma", "studio", "--config", "prisma.config.mjs", ...port, ...browser],
      ],
      {
        cwd: folder,
        env: { ...process.env, STUDIO_DATABASE_URL: target.url, CHECKPOINT_DISABLE: "1" },
        stdio: ["ignore", "inherit", "inherit"],
        // A group of its own can be ended as a whole: npm starts a shell, and that starts the studio.
        detached: process.platform !== "win32",
        shell: process.platform === "win32",
      },
    );
    await untilEnded(child);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilEnded(child: ChildProcess): Promise<void> {
  let asked = false;
  const end = () => {
    asked = true;
    if (child.pid === undefined) return;
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGTERM");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  const [code] = await once(child, "exit").catch(() => {
    throw new Error("npm cannot be run, which fetches and starts Prisma Studio.");
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, end);
  if (!asked && code !== 0) throw new Error(`Prisma Studio (${STUDIO}) ended with ${code}; see above.`);
}
