// What runs in a browser or beside it: the pages, bundled to dist/web/, and the client, bundled to dist/client/.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = join(root, "web/pages");
const PAGES = join(root, "dist/web");

/** @returns the pages' files, each with its compressed twin beside it. */
export async function buildPages() {
  const pages = JSON.parse(await readFile(join(SOURCES, "pages.json"), "utf8"));
  const { outputFiles, metafile } = await build({
    entryPoints: [...pages.map(({ name }) => `${name}.tsx`), "board.css", "accounts.css", "icon.svg"].map(
      (file) => join(SOURCES, file),
    ),
    outdir: PAGES,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    loader: { ".svg": "copy" },
    write: false,
    logLevel: "warning",
  });
  const template = await readFile(join(SOURCES, "page.html"), "utf8");
  const heads = pages.map((page) => ({
    path: join(PAGES, `${page.name}.html`),
    contents: Buffer.from(
      fillIn(template, { style: "board", ...page, preloads: preloads(metafile, page.name) }),
    ),
  }));
  return (await Promise.all([...outputFiles, ...heads].map(withCompressed))).flat();
}

/** @returns the client's one file; who uses it brings socket.io-client. */
export async function buildClient() {
  const { outputFiles } = await build({
    entryPoints: [join(root, "web/client/index.ts")],
    outdir: join(root, "dist/client"),
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    write: false,
    logLevel: "warning",
  });
  return outputFiles;
}

function fillIn(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
}

/** What a page imports at once is asked for at once, and not only when its script has been read. */
function preloads({ outputs }, name) {
  return outputs[`dist/web/${name}.js`].imports
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => `<link rel="modulepreload" href="/assets/${basename(path)}" />`)
    .join("\n    ");
}

async function withCompressed({ path, contents }) {
  return [
    { path, contents },
    { path: `${path}.gz`, contents: await promisify(gzip)(contents, { level: 9 }) },
  ];
}
