import { createInterface } from "node:readline/promises";
import type { Target } from "./target.ts";

/** What the command line said about going ahead. */
export interface Consent {
  force?: boolean;
  /** The database's name; asked for in production beside `--force`. */
  database?: string;
}

/** @throws Error in production. */
export function refuseInProduction(target: Target, command: string, instead: string): void {
  if (target.production) throw new Error(`${command} refuses with NODE_ENV=production: ${instead}.`);
}

/**
 * Returns when whoever runs the command agrees to lose data: by `--force`, which in production has to come with the
 * database's name, or by typing that name on a terminal.
 * @param loss what would be lost, as the end of a sentence: "drops all data".
 * @throws Error where nobody agreed.
 */
export async function confirmLoss(target: Target, consent: Consent, loss: string): Promise<void> {
  if (target.production && !(consent.force && consent.database === target.database)) {
    throw new Error(
      `This ${loss}, and with NODE_ENV=production it needs both --force and --database with the database's name.`,
    );
  }
  if (consent.force) return;
  if (!process.stdin.isTTY)
    throw new Error(`This ${loss}: run it on a terminal to be asked, or with --force.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const where = target.schema === undefined ? "" : ` (schema ${target.schema})`;
    const answer = await terminal.question(
      `This ${loss} in the database ${target.database}${where}. Type the database's name to go on: `,
    );
    if (answer.trim() !== target.database) throw new Error("That is not the name; nothing was changed.");
  } finally {
    terminal.close();
  }
}
