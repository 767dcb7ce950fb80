import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildOpenApi } from "../../contracts/openapi/index.ts";
import { wireTypes } from "./wire-types.ts";

const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));

/** The generated files' names and texts: the OpenAPI document, and TypeScript types for clients made from it. */
export function generatedFiles(): Record<string, string> {
  // The document as it goes over the wire: without what JSON leaves out.
  const document = JSON.parse(JSON.stringify(buildOpenApi()));
  return {
    "openapi.json": `${JSON.stringify(document, null, 2)}\n`,
    "wire-types.d.ts": wireTypes(document),
  };
}

/** @returns the names of the files that were not as they should be; with `check` they stay so. */
export async function generate(options: { check?: boolean; folder?: string }): Promise<string[]> {
  const folder = options.folder ?? DOCS;
  const outdated: string[] = [];
  for (const [name, text] of Object.entries(generatedFiles())) {
    const path = join(folder, name);
    const before = await readFile(path, "utf8").catch(() => undefined);
    // A checkout on Windows may have other line ends.
    if (before?.replaceAll("\r\n", "\n") === text) continue;
    outdated.push(name);
    if (!options.check) await writeFile(path, text);
  }
  return outdated;
}
