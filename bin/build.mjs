// Transpiles src/ to dist/ file by file and bundles the pages and the client. A file is replaced in one step and only
// where it changed, so that several instances may start from one checkout at once.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild, stop } from "esbuild";
import { buildClient, buildPages } from "./build-web.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const RELATIVE_TS = /(\b(?:from|import)\s*\(?\s*["']\.{1,2}\/[^"']+)\.ts(["'])/g;

const rewriteImports = {
  name: "rewrite-ts-imports",
  setup(context) {
    context.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(RELATIVE_TS, "$1.js$2"),
      loader: "ts",
    }));
  },
};

export async function build() {
  const files = (await Promise.all([buildServer(), buildPages(), buildClient()])).flat();
  await Promise.all(files.map(replaceFile));
  await stop();
  return files.map(({ path }) => path);
}

/** Takes away what earlier builds made. Not at a start: an instance that runs may still have to serve it. */
async function removeOthers(made) {
  const wanted = new Set(made);
  const there = await readdir(join(root, "dist"), { recursive: true, withFileTypes: true });
  for (const entry of there) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !wanted.has(path)) await rm(path, { force: true });
  }
}

async function buildServer() {
  const files = await readdir(join(root, "src"), { recursive: true });
  const { outputFiles } = await esbuild({
    entryPoints: files.filter((file) => file.endsWith(".ts")).map((file) => join(root, "src", file)),
    outbase: join(root, "src"),
    outdir: join(root, "dist"),
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "linked",
    tsconfig: join(root, "tsconfig.json"),
    plugins: [rewriteImports],
    write: false,
    logLevel: "warning",
  });
  return outputFiles;
}

async function replaceFile({ path, contents }) {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await build();
  if (process.argv.includes("--clean")) await removeOthers(made);
}
