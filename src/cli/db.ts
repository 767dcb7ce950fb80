import { resolve } from "node:path";
import { Command } from "commander";
import { MIGRATIONS_FOLDER, migrate } from "../platform/postgres/migrate.ts";
import { type Consent, confirmLoss, refuseInProduction } from "./db/confirm.ts";
import { explain } from "./db/explain.ts";
import { readStatus, undo } from "./db/migrations.ts";
import { reset } from "./db/reset.ts";
import { studio } from "./db/studio.ts";
import { withTarget } from "./db/target.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const program = new Command("db").description("The database commands of trading-playground.");

// Commands that need the models or the contracts import them late: the others start twice as fast without.

function migrationCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--migrations <folder>", "where the migration files are", MIGRATIONS_FOLDER);
}

migrationCommand("migrate", "apply the pending migrations").action(
  async ({ migrations }: { migrations: string }) =>
    await withTarget(async ({ url }) => {
      const applied = await migrate(url, resolve(migrations));
      for (const name of applied) say(`applied ${name}`);
      if (applied.length === 0) say("Nothing to do: every migration is applied.");
    }),
);

migrationCommand("migrate:dev", "make a new migration from the models and apply it")
  .argument("<name...>", "what it does, in a few words")
  .option("--create-only", "write the file and do not apply it")
  .option("--force", "apply it also where it loses data")
  .action(async (words: string[], options: Consent & { migrations: string; createOnly?: boolean }) => {
    await withTarget(async (target) => {
      refuseInProduction(
        target,
        "db:migrate:dev",
        "make the migration elsewhere and apply it with db:migrate",
      );
      const { migrateDev } = await import("./db/migrate-dev.ts");
      const made = await migrateDev(target, resolve(options.migrations), words.join("-"), options);
      for (const name of made.before) say(`applied ${name}, which was pending`);
      for (const change of made.changes) say(`it ${change}`);
      if (made.changes.length === 0) say("The models ask for nothing new: fill in the file by hand.");
      say(`${made.applied ? "made and applied" : "made, not applied:"} ${made.file}`);
    });
  });

migrationCommand("migrate:undo", "undo the newest migration")
  .option("--to <name>", "undo all down to and including this one")
  .option("--all", "undo all")
  .option("--force", "do not ask")
  .option("--database <name>", "in production: the database's name, beside --force")
  .action(async (options: Consent & { migrations: string; to?: string; all?: boolean }) => {
    await withTarget(async (target) => {
      const agree = () => confirmLoss(target, options, "may drop tables with their data");
      const undone = await undo(target, resolve(options.migrations), options, agree);
      for (const name of undone) say(`undone ${name}`);
      if (undone.length === 0) say("Nothing to undo: no migration is applied.");
    });
  });

migrationCommand("migrate:status", "list applied and pending migrations").action(
  async ({ migrations }: { migrations: string }) =>
    await withTarget(async (target) => {
      const { applied, pending, missing } = await readStatus(target, resolve(migrations));
      for (const name of applied) say(`applied  ${name}`);
      for (const name of missing) say(`applied  ${name} (its file is not here)`);
      for (const name of pending) say(`pending  ${name}`);
      say(`${applied.length + missing.length} applied, ${pending.length} pending.`);
    }),
);

migrationCommand("migrate:reset", "drop all our data and migrate anew")
  .option("--force", "do not ask")
  .option("--database <name>", "in production: the database's name, beside --force")
  .action(async (options: Consent & { migrations: string }) => {
    await withTarget(async (target) => {
      await confirmLoss(target, options, "drops all of trading-playground's data");
      const { dropped, left, applied } = await reset(target, resolve(options.migrations));
      say(dropped.length === 0 ? "There was nothing of ours to drop." : `dropped ${dropped.join(", ")}`);
      if (left.length > 0) say(`left alone, since our migrations did not make them: ${left.join(", ")}`);
      for (const name of applied) say(`applied ${name}`);
    });
  });

migrationCommand("push", "development: bring the schema up to the models without a migration file")
  .option("--force", "also where data is lost")
  .action(async (options: { migrations: string; force?: boolean }) => {
    await withTarget(async (target) => {
      refuseInProduction(
        target,
        "db:push",
        "write a migration with db:migrate:dev and apply it with db:migrate",
      );
      const { push } = await import("./db/push.ts");
      const { migrations, done, left } = await push(target, resolve(options.migrations), options);
      for (const name of migrations) say(`applied ${name}`);
      for (const change of done) say(change);
      for (const change of left) say(`left undone, since data may be lost (--force does it): ${change}`);
      if (done.length + left.length === 0) say("The schema is as the models want it.");
    });
  });

program
  .command("backup")
  .description("save all our data as it is at one moment, while the service runs")
  .argument("[file]", "where to; by default a name with the time, in backups/")
  .option(
    "--format <dump|copy>",
    "pg_dump's custom format, or our own, which needs no program; by default what there is",
  )
  .action(async (file: string | undefined, { format }: { format?: string }) => {
    if (format !== undefined && format !== "dump" && format !== "copy")
      throw new Error("--format is dump or copy.");
    await withTarget(async (target) => {
      const { backup } = await import("./backup/backup.ts");
      const made = await backup(target, file, format);
      for (const [table, count] of Object.entries(made.manifest.rows))
        say(`${String(count).padStart(9)}  ${table}`);
      say(`saved the tape up to ${made.manifest.head.seq} in ${made.file} (${made.format})`);
    });
  });

migrationCommand("restore", "put a backup in the place of all our data")
  .argument("<file>", "what db:backup made")
  .option("--force", "replace data that is there")
  .option("--database <name>", "in production: the database's name, beside --force")
  .action(async (file: string, options: Consent & { migrations: string }) => {
    await withTarget(async (target) => {
      const { restore } = await import("./backup/restore.ts");
      const agree = async (loss: string) => {
        if (!options.force) throw new Error(`This ${loss}: it needs --force. Nothing was changed.`);
        await confirmLoss(target, options, loss);
      };
      const done = await restore(target, file, resolve(options.migrations), agree);
      for (const [table, count] of Object.entries(done.rows)) say(`${String(count).padStart(9)}  ${table}`);
      for (const name of done.migrated) say(`the backup is older: applied ${name} to it`);
      if (!done.isCounted) say("The dump's manifest is not beside it: only the tape itself was checked.");
      say(`restored the tape up to ${done.head}; dense, and whole. Its new epoch is ${done.epoch}.`);
    });
  });

program
  .command("generate")
  .description("write docs/openapi.json and docs/wire-types.d.ts anew from the contracts")
  .option("--check", "only look; exit code 1 where a file is out of date")
  .option("--folder <folder>", "where the files are; docs by default")
  .action(async (options: { check?: boolean; folder?: string }) => {
    const { generate } = await import("./db/generate.ts");
    const outdated = await generate(options);
    if (options.check && outdated.length > 0) {
      throw new Error(`Out of date: ${outdated.join(", ")}. Run npm run db:generate.`);
    }
    for (const name of outdated) say(`wrote ${name}`);
    if (outdated.length === 0) say("Everything generated is up to date.");
  });

program
  .command("studio")
  .description("view and edit the tables in a browser, with Prisma Studio fetched by npx")
  .option("--port <port>", "where it listens, on 127.0.0.1")
  .option("--no-open", "do not open a browser")
  .action(async (options: { port?: string; open: boolean }) => {
    say(
      "Prisma Studio is fetched on its first use, and tells its makers how many tables it shows. Ctrl+C ends it.",
    );
    await withTarget(async (target) => {
      if (target.schema !== undefined)
        say(`Our tables are in the schema ${target.schema}: choose it on the left.`);
      await studio(target, { ...options, open: options.open && process.stdout.isTTY === true });
    });
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
