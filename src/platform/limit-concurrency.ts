/** Runs at most `limit` pieces of work at a time; the others wait in the order in which they came. */
export type Limit = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function limitConcurrency(limit: number): Limit {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
