import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/**
 * A new password: asked for twice on a terminal, without showing it, else the first line of the standard input. Never
 * an argument, which everyone on the machine can see.
 * @throws Error where there is none, or the two differ.
 */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return await firstLine();
  const password = await askUnseen("Password: ");
  if ((await askUnseen("The same once more: ")) !== password) throw new Error("These are not the same.");
  return password;
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
  }
  throw new Error("The password is missing: give it as the first line of the standard input.");
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
