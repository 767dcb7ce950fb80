import { unavailable } from "./errors.ts";

const AT_A_TIME = 500;
const MAX_WAITING = 10_000;

/** Finds rows by their name, those that are wanted at the same time together. */
export type LookUp<Row> = (name: string) => Promise<Row | undefined>;

/**
 * One question is out at a time, and whoever comes meanwhile shares the next one: a flood of names costs the database
 * little and keeps one connection busy, so that nobody's look-up has to be refused for it.
 * @param ask the rows there are of so many names, in any order.
 * @param what the names are of, in a refusal.
 * @returns a look-up that @throws AppError 503 where 10,000 wait, and what `ask` throws.
 */
export function lookUpTogether<Row>(
  ask: (names: string[]) => Promise<Row[]>,
  nameOf: (row: Row) => string,
  what: string,
): LookUp<Row> {
  const waiting = new Map<
    string,
    { settle: (row: Row | undefined) => void; fail: (error: unknown) => void }[]
  >();
  let isAsking = false;

  async function askOn(): Promise<void> {
    isAsking = true;
    while (waiting.size > 0) {
      const names = [...waiting.keys()].slice(0, AT_A_TIME);
      const askers = names.map((name) => waiting.get(name) ?? []);
      for (const name of names) waiting.delete(name);
      try {
        const rows = new Map((await ask(names)).map((row) => [nameOf(row), row]));
        for (const [index, name] of names.entries()) {
          for (const { settle } of askers[index] ?? []) settle(rows.get(name));
        }
      } catch (error) {
        for (const { fail } of askers.flat()) fail(error);
      }
    }
    isAsking = false;
  }

  return (name) =>
    new Promise((settle, fail) => {
      const others = waiting.get(name);
      if (others !== undefined) return void others.push({ settle, fail });
      if (waiting.size >= MAX_WAITING)
        return fail(unavailable(`Too many ${what} are being looked up; try again.`));
      waiting.set(name, [{ settle, fail }]);
      if (!isAsking) void askOn();
    });
}
