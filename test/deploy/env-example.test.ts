import { expect } from "chai";
import { parse } from "dotenv";
import { loadConfig } from "../../src/config.ts";
import { readText, settingNames } from "./files.ts";

describe(".env.example", () => {
  const text = readText(".env.example");
  const example = parse(text);

  it("names every setting, and nothing that is none", () => {
    const names = settingNames();
    expect(names).to.include.members(["PORT", "DATABASE_URL", "AUTH"]);
    expect(Object.keys(example).sort()).to.deep.equal(names.sort());
  });

  it("shows the defaults", () => {
    expect(loadConfig(example, "/")).to.deep.equal(loadConfig({}, "/"));
  });

  it("is the longer form of the README's table", () => {
    const rows = readText("README.md").match(/^\| `[A-Z].*$/gm) ?? [];
    const named = rows.flatMap((row) =>
      [...row.matchAll(/`([A-Z][A-Z0-9_]{3,})(?=[=`])/g)].map(([, name]) => name),
    );
    expect(named).to.include.members(["PORT", "DATABASE_URL", "REDIS_URL", "AUTH", "PRICE_FEED"]);
    expect(Object.keys(example)).to.include.members(named);
  });

  it("explains each setting on a line above it", () => {
    const groups = text.split(/(?<==.*)\n(?=#)|\n\n/).filter((group) => group.includes("="));
    expect(groups.length).to.be.greaterThan(10);
    for (const group of groups) expect(group.trim()).to.match(/^# \S.*[.:]\n/);
  });
});
