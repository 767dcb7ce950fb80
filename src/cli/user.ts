import { Command, Option } from "commander";
import { ROLES, type Role } from "../contracts/accounts.ts";
import { withTarget } from "./db/target.ts";
import { createUser } from "./user/create-user.ts";
import { readPassword } from "./user/read-password.ts";

const program = new Command("npm run user:create --").showHelpAfterError("(--help says more)");
program
  .command("create", { isDefault: true })
  .description(
    "Opens an account. The password is asked for on a terminal, else it is the first line of the standard input.",
  )
  .requiredOption("--email <email>", "what the account signs in with")
  .option("--name <name>", "what it is called")
  .addOption(new Option("--role <role>", "what it may do").choices([...ROLES]).default("user"))
  .action(async (sent: { email: string; name?: string; role: Role }) => {
    try {
      const password = await readPassword();
      const user = await withTarget(({ url }) => createUser(url, { ...sent, password }));
      process.stdout.write(`The account ${user.email} is there, with the role ${user.role}.\n`);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  });
await program.parseAsync();
