import type { Client } from "pg";
import { legacyPortfolio } from "../legacy/portfolio.ts";
import { legacySentiment } from "../legacy/sentiment.ts";
import { legacyTrade } from "../legacy/trade.ts";
import { legacyUser } from "../legacy/user.ts";
import { NUMBERS_WRITTEN_OUT } from "../repair-decimals.ts";
import type { Source, SourceCommand, SourceRow } from "../source.ts";
import { openPrisma, type PrismaAddress, prismaAddress, prismaFailure } from "./connection.ts";
import { countRows, readTable, type TableQuery } from "./read-table.ts";
import { type PrismaTables, readTables } from "./tables.ts";
import { isInTimeOrder, Mark, oldestFirst } from "./times.ts";

const FIELD_NAMES = { qty: "quantity", price: "priceEntry", exit_price: "priceExit", pnl: "profitLoss" };
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
  const inTimeOrder = isInTimeOrder(await withSnapshot(address, (client) => readTables(client, address)));
  const marks: Marks = { trades: new Mark(), sentiments: new Mark(), openTrades: new Set() };
  let openTrades = marks.openTrades;
  let read = 0;
  let total = 0;
  return {
    name: address.name,
    unit: "row",
    fieldNames: FIELD_NAMES,
    repairs: `${NUMBERS_WRITTEN_OUT}; names, words and times mended`,
    inTimeOrder,
    onTaken() {
      marks.trades.taken();
      marks.sentiments.taken();
      marks.openTrades = openTrades;
    },
    share: () => (total === 0 ? 0 : Math.min(1, read / total)),
    async *rows(which = "all") {
      const client = await openPrisma(address);
      try {
        const tables = await readTables(client, address);
        read = 0;
        total = which === "all" ? await countAll(client, tables) : 0;
        openTrades = new Set(marks.openTrades);
        for await (const row of allRows(client, tables, which, marks, openTrades)) {
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

async function withSnapshot<Result>(
  address: PrismaAddress,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await openPrisma(address);
  try {
    return await work(client);
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

/** What the last reading that was taken has seen: up to where, and which trades may still be closed. */
interface Marks {
  trades: Mark;
  sentiments: Mark;
  openTrades: Set<string>;
}

async function* allRows(
  client: Client,
  tables: PrismaTables,
  which: "all" | "newcomers",
  marks: Marks,
  openTrades: Set<string>,
): AsyncGenerator<SourceRow> {
  const byTime = (table: string, where: TableQuery["where"]) =>
    readTable(client, tables, { table, orderBy: oldestFirst(tables, table), where });

  const seeTrade = await marks.trades.reading(client);
  const newTrades = which === "all" ? undefined : marks.trades.since(tables, "Trade", openTrades);
  for await (const fields of byTime("Trade", newTrades)) {
    const row = legacyTrade(fields);
    seeTrade(fields.createdAt);
    if (typeof fields.id === "string") {
      if (row.record.status === "open") openTrades.add(fields.id);
      else openTrades.delete(fields.id);
    }
    yield { place: `"Trade" ${fields.id ?? "without id"}`, kind: "trade", ...row };
  }
  const seeScore = await marks.sentiments.reading(client);
  const newSentiments = which === "all" ? undefined : marks.sentiments.since(tables, "Sentiment");
  for await (const fields of byTime("Sentiment", newSentiments)) {
    seeScore(fields.createdAt);
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
