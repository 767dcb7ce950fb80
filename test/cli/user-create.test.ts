import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

describe("npm run user:create", () => {
  let databaseUrl: string;

  before(async () => {
    databaseUrl = await newDatabase();
  });

  async function run(args: string[], password: string): Promise<{ code: number; output: string }> {
    const child = spawn(process.execPath, ["dist/cli/user.js", ...args], {
      env: { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: "production" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.stdin.on("error", () => {});
    child.stdin.end(password);
    const [code] = (await once(child, "close")) as [number];
    return { code, output };
  }

  it("opens an account on a new database, with a password from the standard input that it does not show", async () => {
    const password = "a password of the operator's";
    const { code, output } = await run(["--email", "Op@Example.com", "--role", "admin"], `${password}\n`);
    expect([code, output]).to.deep.equal([0, "The account op@example.com is there, with the role admin.\n"]);
    const app = await startHere({ DATABASE_URL: databaseUrl });
    const { body } = await post<{ user: { role: string } }>(`${app.url}/api/auth/login`, {
      email: "op@example.com",
      password,
    });
    expect(body.user.role).to.equal("admin");
    await app.stop();
  });

  it("says in a sentence what is wrong, and changes nothing then", async () => {
    const refused: [string[], string, RegExp][] = [
      [["--email", "op@example.com"], "another password\n", /has an account already/],
      [["--email", "new@example.com"], "short\n", /password must be 12-1024 characters/],
      [["--email", "new@example.com"], "", /password is missing/],
      [["--email", "no email"], "another password\n", /email must be an email address/],
      [["--email", "new@example.com", "--role", "king"], "another password\n", /role/],
      [["--email", "new@example.com", "--password", "another password"], "", /unknown option/],
      [[], "another password\n", /--email/],
    ];
    for (const [args, password, sentence] of refused) {
      const { code, output } = await run(args, password);
      expect(code, args.join(" ")).to.equal(1);
      expect(output)
        .to.match(sentence)
        .and.not.match(/\n {4}at /);
    }
    expect(await query(databaseUrl, "SELECT email FROM users")).to.deep.equal([{ email: "op@example.com" }]);
  });
});
