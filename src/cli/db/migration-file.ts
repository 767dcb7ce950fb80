import type { ChangeSql } from "./change-sql.ts";

const LONGEST_NAME = 60;

/** @returns the name in the letters a file may have: `add-venue`. @throws Error where nothing is left of it. */
export function cleanName(name: string): string {
  const clean = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, "");
  if (clean === "") throw new Error("The migration needs a name of letters and digits: add-venue.");
  return clean;
}

/** A file name that sorts behind all that are there, whatever their dates. `now` is UTC. */
export function newFileName(name: string, existing: string[], now: Date): string {
  const stamp = BigInt(now.toISOString().replace(/\D/g, "").slice(0, 14));
  const newest = existing.map((file) => BigInt(/^\d{14}/.exec(file)?.[0] ?? 0));
  const next = newest.reduce((highest, other) => (other >= highest ? other + 1n : highest), stamp);
  return `${next}-${cleanName(name)}.js`;
}

/** The text of a migration file that runs these statements in one transaction, or of one that is still to be written. */
export function migrationText(name: string, changes: ChangeSql[]): string {
  const title = name.replaceAll("-", " ");
  const down = changes.map((change) => change.down).reverse();
  return `/** ${title[0]?.toUpperCase()}${title.slice(1)}. */
${migrationFunction(
  "up",
  changes.map((change) => change.up),
)}
${migrationFunction("down", down)}`;
}

function migrationFunction(name: "up" | "down", statements: string[]): string {
  const hint =
    name === "up"
      ? "The models ask for nothing new. Write here what they cannot say: an index, a check, a change of data:"
      : "Take back what up does:";
  const body =
    statements.length === 0
      ? `    // ${hint}\n    // await sequelize.query(\`…\`, { transaction });\n    void transaction;`
      : `    const run = (sql) => sequelize.query(sql, { transaction });\n${statements.map(statementCall).join("\n")}`;
  return `export async function ${name}(queryInterface) {
  const { sequelize } = queryInterface;
  await sequelize.transaction(async (transaction) => {
${body}
  });
}
`;
}

function statementCall(sql: string): string {
  const text = sql.replace(/[\\`]|\$(?=\{)/g, "\\$&");
  if (!text.includes("\n")) return `    await run(\`${text}\`);`;
  return `    await run(\`\n${text.replace(/^/gm, "      ")}\`);`;
}
