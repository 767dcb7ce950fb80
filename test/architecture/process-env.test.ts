import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import ts from "typescript";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
/** Picks PATH, HOME and the like for PostgreSQL's programs; none of them is a setting of ours. */
const PASSES_ON = "platform/embedded-postgres/run-program.ts";

/** Whether a source reads the environment; to hand all of it on to another program is not to read it. */
function readsEnvironment(source: string): boolean {
  const isProcess = (node: ts.Node | undefined) => node !== undefined && node.getText() === "process";
  const reads = (node: ts.Node): boolean => {
    if (ts.isPropertyAccessExpression(node) && isProcess(node.expression) && node.name.text === "env") {
      return !ts.isSpreadAssignment(node.parent);
    }
    if (ts.isElementAccessExpression(node) && isProcess(node.expression)) return true;
    if (ts.isVariableDeclaration(node) && isProcess(node.initializer)) return true;
    if (ts.isImportDeclaration(node) && /^["'](node:)?process["']$/.test(node.moduleSpecifier.getText())) {
      return true;
    }
    return ts.forEachChild(node, (child) => reads(child) || undefined) ?? false;
  };
  return reads(ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true));
}

describe("The environment", () => {
  it("is read by config.ts alone", () => {
    const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => file.replaceAll("\\", "/"));
    const readers = files.filter((file) => readsEnvironment(readFileSync(`${SRC}/${file}`, "utf8")));
    expect(readers.sort()).to.deep.equal(["config.ts", PASSES_ON]);
  });

  it("would be seen to be read, however that is written", () => {
    const ways = [
      "const port = process.env.PORT;",
      "const port = process?.env?.PORT;",
      'const port = process["env"].PORT;',
      "const { env } = process;",
      "const { env: { PORT } } = process;",
      'import { env } from "node:process";',
      "load(process.env);",
    ];
    for (const way of ways) expect(readsEnvironment(way), way).to.equal(true);
    for (const other of [
      "spawn(program, { env: { ...process.env, A } });",
      'const text = "process.env.A";',
    ]) {
      expect(readsEnvironment(other), other).to.equal(false);
    }
  });
});
