/**
 * Writes src/accounts/looks/prototypes.ts out of Unicode's confusables.txt (https://www.unicode.org/Public/security/),
 * which is under the Unicode License v3: `node bin/look-alikes.mjs confusables.txt`.
 */
import { readFileSync, writeFileSync } from "node:fs";

const TARGET = "src/accounts/looks/prototypes.ts";
const WIDTH = 110;
const text = readFileSync(process.argv[2] ?? "confusables.txt", "utf8");
const version = /^# Version: (\S+)/m.exec(text)?.[1] ?? "unknown";
const groups = new Map();
for (const [, from, to] of text.matchAll(/^([0-9A-F]+) ;\t([0-9A-F ]+?) ;\tMA/gm)) {
  const character = String.fromCodePoint(Number.parseInt(from, 16));
  // What decomposes is looked up by its parts.
  if (character.normalize("NFD") !== character) continue;
  const key = to.split(" ").map(base36).join("+");
  groups.set(key, [...(groups.get(key) ?? []), base36(from)]);
}

function base36(hex) {
  return Number.parseInt(hex, 16).toString(36);
}

const lines = [""];
for (const group of [...groups].map(([to, from]) => `${to}:${from.join(",")}`)) {
  for (const part of group.match(new RegExp(`.{1,${WIDTH}}(?=,|$)|.+`, "g")) ?? []) {
    const line = lines.at(-1);
    if (part === group || group.startsWith(part)) lines.push(part);
    else if (line.length + part.length <= WIDTH) lines[lines.length - 1] += part;
    else lines.push(part);
  }
}
writeFileSync(
  TARGET,
  `/**
 * What looks alike, as Unicode's confusables.txt ${version} has it (Unicode License v3), made by bin/look-alikes.mjs.
 * A group is \`prototype:characters\`, code points to the base of 36; of a prototype of several the parts are joined by +.
 */
export const PROTOTYPES = \`${lines
    .join("\n")
    .replace(/\n(?=,)/g, "")
    .replace(/\n/g, ";")
    .slice(1)
    .replace(/(.{1,110})(?:;|$)/g, "$1\n")
    .trim()}\`;
`,
);
