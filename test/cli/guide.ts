import { readFileSync } from "node:fs";

/** One command of a guide, and what it says that one sees. */
export interface GuideStep {
  command: string;
  output: string[];
}

/** The commands of a Markdown page in their order: each `sh` block, and the plain block right behind it. */
export function guideSteps(file: string): GuideStep[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/```sh\n(.+)\n```\n(?:```\n([\s\S]*?)```\n)?/g)].map(
    ([, command = "", output = ""]) => ({
      command,
      output: output.split("\n").filter((line) => line.trim() !== ""),
    }),
  );
}
