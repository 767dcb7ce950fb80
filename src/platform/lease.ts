import type { Database, Statement } from "./postgres/database.ts";

// One statement, so that it works behind pgbouncer. Only PostgreSQL's clock counts. A row that is someone else's is
// read and not locked, so that waiting instances cost nothing.
const TAKE: Statement = {
  name: "take-lease",
  isUrgent: true,
  text: `WITH renewed AS (
      UPDATE leases SET holder = $2, expires_at = now() + $3::int * interval '1 millisecond'
      WHERE name = $1 AND (expires_at < now() OR holder = $2) RETURNING name
    ), made AS (
      INSERT INTO leases (name, holder, expires_at)
      SELECT $1, $2, now() + $3::int * interval '1 millisecond'
      WHERE NOT EXISTS (SELECT FROM leases WHERE name = $1)
      ON CONFLICT DO NOTHING RETURNING name
    )
    SELECT name FROM renewed UNION ALL SELECT name FROM made`,
};
const RELEASE: Statement = {
  name: "release-lease",
  text: "DELETE FROM leases WHERE name = $1 AND holder = $2",
};

const TERM_MS = 3_000;
const RENEW_MS = 750;
const TRY_MS = 500;
/** The holder stops this long before its term ends. */
const MARGIN_MS = 500;

export interface LeaseOptions {
  database: Database;
  /** What only one instance may do at a time. */
  name: string;
  /** This instance; must be unique to the process. */
  holder: string;
  onGained: () => void;
  /** Called before anyone else can gain it. */
  onLost: () => void;
  onError: (error: unknown) => void;
}

export interface Lease {
  /** Whether the work may be done at this very moment; asked anew before each step of it. */
  isHeld(): boolean;
  /** Gives the lease back, so that another instance need not wait for its end. */
  stop(): Promise<void>;
}

/**
 * Tries for a lease until `stop`, and renews it once it is there. When its holder dies another instance gains it
 * within 3.5 s and the round trip. A holder that cannot renew, for whatever reason, has lost it 0.5 s before its end.
 */
export function keepLease(options: LeaseOptions): Lease {
  const { database, name, holder, onGained, onLost, onError } = options;
  let end = clock();
  let held = false;
  let stopped = false;
  let next: NodeJS.Timeout | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let attempt: Promise<void> | undefined;

  const isHeld = () => held && !stopped && isBefore(end);
  const lose = () => {
    clearTimeout(expiry);
    if (!held) return;
    held = false;
    onLost();
  };

  async function tryOnce(): Promise<void> {
    // From before the question: the server's clock starts the term later than this.
    const asked = clock(TERM_MS - MARGIN_MS);
    const rows = await database.run(TAKE, [name, holder, TERM_MS]);
    if (stopped) return;
    if (held && !isHeld()) lose();
    if (rows.length === 0) lose();
    else if (isBefore(asked)) {
      end = asked;
      clearTimeout(expiry);
      expiry = setTimeout(lose, end.monotonic - performance.now());
      if (!held) {
        held = true;
        onGained();
      }
    }
  }

  function again(): void {
    attempt = tryOnce()
      .catch(onError)
      .then(() => {
        if (!stopped) next = setTimeout(again, held ? RENEW_MS : TRY_MS);
      });
  }
  again();

  return {
    isHeld,
    async stop() {
      clearTimeout(next);
      lose();
      stopped = true;
      await attempt;
      await database.run(RELEASE, [name, holder]).catch(onError);
    },
  };
}

/**
 * Does a piece of work that one instance at a time should do, where nobody else is at it; two at once must do no harm.
 * @param termMs how long it counts as being done should this process die over it.
 * @returns undefined where someone else is at it.
 */
export async function withLease<Result>(
  { database, name, holder }: Pick<LeaseOptions, "database" | "name" | "holder">,
  termMs: number,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const rows = await database.run(TAKE, [name, holder, termMs]);
  if (rows.length === 0) return undefined;
  try {
    return await work();
  } finally {
    await database.run(RELEASE, [name, holder]);
  }
}

interface Moment {
  monotonic: number;
  wall: number;
}

// Two clocks: the monotonic one stands still while a machine sleeps, and the wall clock may be set back.
function clock(plus = 0): Moment {
  return { monotonic: performance.now() + plus, wall: Date.now() + plus };
}

function isBefore(end: Moment): boolean {
  return performance.now() < end.monotonic && Date.now() < end.wall;
}
