import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { wireTypes } from "../../src/cli/db/wire-types.ts";
import { buildOpenApi } from "../../src/contracts/openapi/index.ts";
import { db } from "./db-support.ts";

describe("db:generate", () => {
  it("finds docs as the contracts make them", async () => {
    const check = await db({}, "generate", "--check");
    expect(check.code, check.err).to.equal(0);
  });

  it("writes what is missing or changed, and --check tells and writes nothing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trading-playground-docs-"));
    try {
      const missing = await db({}, "generate", "--check", "--folder", folder);
      expect(missing).to.include({ code: 1, out: "" });
      expect(missing.err).to.equal("Out of date: openapi.json, wire-types.d.ts. Run npm run db:generate.\n");
      expect((await db({}, "generate", "--folder", folder)).out).to.equal(
        "wrote openapi.json\nwrote wire-types.d.ts\n",
      );
      const document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
      expect(Object.keys(document.paths)).to.include("/api/trades");
      await writeFile(join(folder, "openapi.json"), "{}");
      expect((await db({}, "generate", "--check", "--folder", folder)).err).to.include("openapi.json.");
      expect((await db({}, "generate", "--folder", folder)).out).to.equal("wrote openapi.json\n");
      expect((await db({}, "generate", "--folder", folder)).out).to.include("up to date");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("makes types that TypeScript takes, and that refuse a wrong trade", () => {
    const types = wireTypes(JSON.parse(JSON.stringify(buildOpenApi())));
    const trades = [
      '{ model: "gpt-5", symbol: "BTC", side: "buy", qty: "0.1", price: 1 }',
      '{ model: "gpt-5", symbol: "BTC", side: "long", qty: 1, price: 1 }',
      '{ model: "gpt-5", symbol: "BTC", side: "buy", qty: 1 }',
    ];
    const uses = trades.map(
      (trade, n) => `export const trade${n}: Api["POST /api/trades"]["body"] = ${trade};\n`,
    );
    const found = problems(`${types}${uses.join("")}`);
    expect(found.map(({ line }) => line.slice(0, 19))).to.deep.equal([
      "export const trade1",
      "export const trade2",
    ]);
  });
});

/** The lines of a file that the compiler objects to. */
function problems(text: string): { line: string; message: string }[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
    lib: ["lib.es5.d.ts"],
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, language) =>
    name === "wire.ts" ? ts.createSourceFile(name, text, language) : getSourceFile(name, language);
  return ts
    .getPreEmitDiagnostics(ts.createProgram(["wire.ts"], options, host))
    .map(({ start, messageText }) => ({
      line: text.slice(text.lastIndexOf("\n", start) + 1).split("\n")[0] ?? "",
      message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    }));
}
