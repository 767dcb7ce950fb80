import { hash as argon2Hash, verify as argon2Verify, type Options } from "@node-rs/argon2";
import { compare as bcryptCompare, getRounds } from "bcryptjs";
import { fairTurns } from "../platform/fair-turns.ts";

/** OWASP's parameters for argon2id, which is the library's default algorithm. Memory in KiB. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = "$argon2id$v=19$m=19456,t=2,p=1$";
const ARGON2ID = /^\$argon2id\$v=19\$m=\d{1,6},t=\d{1,2},p=\d\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}$/;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
/** A hash from elsewhere may ask for days of work. */
const MAX_BCRYPT_ROUNDS = 14;
/** Of node's four threads for such work: the others are left to files and look-ups of hosts. */
const AT_ONCE = 2;

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

/**
 * Hashing takes a core and 19 MiB each time, so two run at once, and others wait: in turns by the address that they come
 * from. @throws AppError 429 or 503 where too many wait.
 */
export interface Passwords {
  /** @returns the PHC text of an argon2id hash. */
  hash(password: string, address: string): Promise<string>;
  /**
   * Compares in time that does not depend on where the difference is.
   * @param hash absent: nobody has this password, which takes as long to find out.
   */
  check(password: string, hash: string | null | undefined, address: string): Promise<PasswordCheck>;
}

/** @param queue how many may wait, of one address half as many. */
export function createPasswords(queue: number): Passwords {
  const inTurn = fairTurns({ atOnce: AT_ONCE, waiting: queue, what: "passwords (PASSWORD_QUEUE)" });
  return {
    hash: (password, address) => inTurn(address, () => hashPassword(password)),
    check: (password, hash, address) => inTurn(address, () => checkPassword(password, hash)),
  };
}

/** At once, for a command on a terminal. @returns the PHC text of an argon2id hash. */
export const hashPassword = (password: string): Promise<string> => argon2Hash(password, COST);

async function checkPassword(password: string, hash: string | null | undefined): Promise<PasswordCheck> {
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
}
