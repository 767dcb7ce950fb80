/** Something measured once a round: answers its figure. */
export interface Contestant<Figure> {
  readonly name: string;
  measure(): Promise<Figure>;
}

/**
 * Measures A B C, A B C, … so that what else the machine does falls on all of them alike. A first round does not
 * count: it lets every server compile what it runs. Returns each contestant's figures, one a round, by name.
 */
export async function interleave<Figure>(
  rounds: number,
  contestants: readonly Contestant<Figure>[],
): Promise<ReadonlyMap<string, readonly Figure[]>> {
  const figures = new Map<string, Figure[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, measure } of contestants) {
      const figure = await measure();
      if (round > 0) figures.get(name)?.push(figure);
      process.stderr.write(`round ${round}/${rounds}  ${name}: ${JSON.stringify(figure)}\n`);
    }
  }
  return figures;
}

/** The middle value; of an even number the mean of the middle two. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
