import type { Client } from "pg";
import { legacyPortfolio } from "../legacy/portfolio.ts";
import { legacySentiment } from "../legacy/sentiment.ts";
import { legacyTrade } from "../legacy/trade.ts";
import { legacyUser } from "../legacy/user.ts";
import { NUMBERS_WRITTEN_OUT } from "../repair-decimals.ts";
import type { Source, SourceCommand, SourceRow } from "../source.ts";
import { openPrisma, type PrismaAddress, prismaAddress, prismaFailure } from "./connection.ts";
import { countRows, quote, readTable, type TableQuery } from "./read-table.ts";
import { type PrismaTables, readTables } from "./tables.ts";

const FIELD_NAMES = { qty: "quantity", price: "priceEntry", exit_price: "priceExit", pnl: "profitLoss" };
/** A row's time is taken before its transaction commits; this long before the newest one, others may still have come. */
const OVERLAP = "10 minutes";
const LEFT: readonly (readonly [string, string])[] = [
  ["Session", "everybody signs in once more"],
  ["Account", "there is no sign-in through other services here"],
  ["VerificationToken", "they have had their time"],
];

/** The PostgreSQL of the upgraded playground, whose tables Prisma made. */
export const prisma: SourceCommand = {
  command: "prisma",
  argument: "<database url>",
  description: "what the playground on Prisma kept in PostgreSQL: trades, portfolios, scores and users",
  isDatabase: true,
  open: openPrismaSource,
};

async function openPrismaSource(argument: string): Promise<Source> {
  const address = prismaAddress(argument);
  await withSnapshot(address, async (client) => readTables(client, address));
  const marks: Marks = { openTrades: new Set() };
  let read = 0;
  let total = 0;
  return {
    name: address.name,
    unit: "row",
    fieldNames: FIELD_NAMES,
    repairs: `${NUMBERS_WRITTEN_OUT}; names, words and times mended`,
    inTimeOrder: true,
    share: () => (total === 0 ? 0 : Math.min(1, read / total)),
    async *rows(which = "all") {
      const client = await openPrisma(address);
      try {
        const tables = await readTables(client, address);
        read = 0;
        total = which === "all" ? await countAll(client, tables) : 0;
        for await (const row of allRows(client, tables, which, marks)) {
          read++;
          yield row;
        }
      } catch (error) {
        throw prismaFailure(address.name, error);
      } finally {
        await client.end().catch(() => {});
      }
    },
  };
}

async function withSnapshot(
  address: PrismaAddress,
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = await openPrisma(address);
  try {
    await work(client);
  } catch (error) {
    throw prismaFailure(address.name, error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function countAll(client: Client, tables: PrismaTables): Promise<number> {
  let sum = 0;
  for (const table of ["Trade", "Sentiment", "Portfolio", "User"])
    sum += await countRows(client, tables, table);
  return sum;
}

/** What the last reading has seen: the newest moment, and which trades may still be closed. */
interface Marks {
  trades?: string | undefined;
  sentiments?: string | undefined;
  openTrades: Set<string>;
}

async function* allRows(
  client: Client,
  tables: PrismaTables,
  which: "all" | "newcomers",
  marks: Marks,
): AsyncGenerator<SourceRow> {
  const since = (table: string, mark: string | undefined, more?: { ids: Set<string> }) =>
    which === "all" ? undefined : newerThan(tables, table, mark, more?.ids);
  const byTime = (table: string, where: TableQuery["where"]) =>
    readTable(client, tables, { table, orderBy: oldestFirst(tables, table), where });

  for await (const fields of byTime("Trade", since("Trade", marks.trades, { ids: marks.openTrades }))) {
    const row = legacyTrade(fields);
    marks.trades = later(marks.trades, fields.createdAt ?? fields.timestamp);
    if (typeof fields.id === "string") {
      if (row.record.status === "open") marks.openTrades.add(fields.id);
      else marks.openTrades.delete(fields.id);
    }
    yield { place: `"Trade" ${fields.id ?? "without id"}`, kind: "trade", ...row };
  }
  for await (const fields of byTime("Sentiment", since("Sentiment", marks.sentiments))) {
    marks.sentiments = later(marks.sentiments, fields.createdAt ?? fields.timestamp);
    yield {
      place: `"Sentiment" ${fields.id ?? "without id"}`,
      kind: "sentiment",
      ...legacySentiment(fields),
    };
  }
  // Few, and they change in place.
  for await (const fields of readTable(client, tables, { table: "Portfolio", orderBy: ['"model"'] })) {
    yield {
      place: `"Portfolio" ${fields.id ?? fields.model}`,
      kind: "portfolio",
      ...legacyPortfolio(fields),
    };
  }
  for await (const fields of readTable(client, tables, {
    table: "User",
    orderBy: oldestFirst(tables, "User"),
  })) {
    yield { place: `"User" ${fields.id ?? fields.email}`, kind: "user", ...legacyUser(fields) };
  }
  if (which === "newcomers") return;
  for (const [table, why] of LEFT) {
    const count = await countRows(client, tables, table);
    if (count > 0) yield { left: `rows of "${table}"`, why, count };
  }
}

/** Its columns that say when a row was made, the best first. */
const timesOf = (tables: PrismaTables, table: string, ...names: string[]) =>
  names.filter((name) => tables.tables.get(table)?.has(name));

function oldestFirst(tables: PrismaTables, table: string): string[] {
  const times = timesOf(tables, table, "timestamp", "createdAt").map(quote);
  const id = tables.tables.get(table)?.has("id") ? ["id"] : [];
  return times.length === 0 ? id : [`coalesce(${times.join(", ")})`, ...id];
}

function newerThan(
  tables: PrismaTables,
  table: string,
  mark: string | undefined,
  ids?: Set<string>,
): TableQuery["where"] {
  const [time] = timesOf(tables, table, "createdAt", "timestamp");
  if (mark === undefined || time === undefined) return undefined;
  const hasZone = tables.tables.get(table)?.get(time) === "timestamp with time zone";
  const moment = hasZone ? "$1::timestamptz" : "($1::timestamptz AT TIME ZONE 'UTC')";
  const newer = `${quote(time)} >= ${moment} - interval '${OVERLAP}'`;
  if (ids === undefined || ids.size === 0) return { sql: newer, values: [mark] };
  return { sql: `${newer} OR id::text = ANY($2::text[])`, values: [mark, [...ids]] };
}

function later(mark: string | undefined, time: unknown): string | undefined {
  return typeof time === "string" && (mark === undefined || time > mark) ? time : mark;
}
