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

  it("explains each setting on a line above it", () => {
    const groups = text.split(/(?<==.*)\n(?=#)|\n\n/).filter((group) => group.includes("="));
    expect(groups.length).to.be.greaterThan(10);
    for (const group of groups) expect(group.trim()).to.match(/^# \S.*[.:]\n/);
  });
});
