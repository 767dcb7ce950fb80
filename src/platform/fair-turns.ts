import { rateLimited, unavailable } from "./errors.ts";

const RETRY_SECONDS = 1;

export interface TurnsOptions {
  /** Pieces of work that run at the same time. */
  atOnce: number;
  /** How many may wait in all; those of one lane may be half of them. */
  waiting: number;
  /** What the work is, in a refusal: `Too many <what> wait (PASSWORD_QUEUE)`. */
  what: string;
}

/**
 * Runs `work` once it is its lane's turn. @throws AppError 429 where its lane has too many, 503 where all lanes together
 * have; then `work` was not begun.
 */
export type Turns = <Result>(lane: string, work: () => Promise<Result>) => Promise<Result>;

interface Waiting {
  begin: () => void;
  refuse: (error: Error) => void;
}

/**
 * A bounded queue in which every lane that waits has one turn after the other, however many a single one brings. Where it
 * is full, a lane that has less gets the place of the newest of the one that has most.
 */
export function fairTurns({ atOnce, waiting: most, what }: TurnsOptions): Turns {
  // In the order of their turns.
  const lanes = new Map<string, Waiting[]>();
  let running = 0;
  let count = 0;

  const tooManyOfLane = () =>
    rateLimited(`Too many ${what} of this address wait already; try again.`, RETRY_SECONDS);

  function next(): void {
    const [lane] = lanes;
    if (lane === undefined) {
      running--;
      return;
    }
    const [name, queue] = lane;
    const first = queue.shift();
    count--;
    lanes.delete(name);
    if (queue.length > 0) lanes.set(name, queue);
    first?.begin();
  }

  /** @throws AppError where nobody can make room for a lane that has `own` waiting. */
  function makeRoom(own: number): void {
    const [name = "", queue = []] =
      [...lanes].sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
    if (queue.length <= own + 1) throw unavailable(`Too many ${what} wait; try again.`);
    queue.pop()?.refuse(tooManyOfLane());
    count--;
    if (queue.length === 0) lanes.delete(name);
  }

  function wait(lane: string): Promise<void> {
    const queue = lanes.get(lane) ?? [];
    if (queue.length >= Math.max(1, Math.floor(most / 2))) throw tooManyOfLane();
    if (count >= most) makeRoom(queue.length);
    return new Promise((begin, refuse) => {
      queue.push({ begin, refuse });
      count++;
      lanes.set(lane, queue);
    });
  }

  return async (lane, work) => {
    if (running >= atOnce) await wait(lane);
    else running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes this one's place.
      next();
    }
  };
}
