import { hash as argon2Hash, verify as argon2Verify, type Options } from "@node-rs/argon2";
import { compare as bcryptCompare, getRounds } from "bcryptjs";
import { unavailable } from "../platform/errors.ts";

/** OWASP's parameters for argon2id, which is the library's default algorithm. Memory in KiB. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = "$argon2id$v=19$m=19456,t=2,p=1$";
const ARGON2ID = /^\$argon2id\$v=19\$m=\d{1,6},t=\d{1,2},p=\d\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}$/;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
/** A hash from elsewhere may ask for days of work. */
const MAX_BCRYPT_ROUNDS = 14;
const AT_ONCE = 4;
const MAX_WAITING = 64;

/** Of no password that anyone knows, at today's cost: whoever names no account makes the same work. */
export const decoyHash = () => {
  decoy ??= argon2Hash(crypto.randomUUID(), COST);
  return decoy;
};
let decoy: Promise<string> | undefined;

export interface PasswordCheck {
  isRight: boolean;
  /** Right, and to be hashed anew: the hash was taken over from elsewhere, or is of older parameters. */
  isOutdated: boolean;
}

/** @returns the PHC text of an argon2id hash. @throws AppError 503 where too many wait. */
export async function hashPassword(password: string): Promise<string> {
  return await inTurn(() => argon2Hash(password, COST));
}

/**
 * Compares in time that does not depend on where the difference is.
 * @param hash absent: nobody has this password, which takes as long to find out. @throws AppError 503
 */
export async function checkPassword(
  password: string,
  hash: string | null | undefined,
): Promise<PasswordCheck> {
  return await inTurn(async () => {
    if (hash != null && BCRYPT.test(hash) && getRounds(hash) <= MAX_BCRYPT_ROUNDS) {
      const isRight = await bcryptCompare(password, hash);
      return { isRight, isOutdated: isRight };
    }
    if (hash != null && ARGON2ID.test(hash)) {
      const isRight = await argon2Verify(hash, password);
      return { isRight, isOutdated: isRight && !hash.startsWith(CURRENT) };
    }
    await argon2Verify(await decoyHash(), password);
    return { isRight: false, isOutdated: false };
  });
}

let running = 0;
const waiting: (() => void)[] = [];

/** Hashing takes a core and 19 MiB each time: a few run at once, some wait, the rest is told to come again. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw unavailable("Too many passwords are being checked; try again.");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    // Whoever waits takes this one's place.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
