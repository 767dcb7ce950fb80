import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { validationError } from "../platform/errors.ts";

/** How many characters there must be beside the account's own address. */
const BESIDE_ADDRESS = 8;
/** A password that is among so many first guesses is none. */
const GUESSES = 1e6;
/** What is looked at of it, and how many spellings like p4ssw0rd are undone: keeps the longest look below 25 ms. */
const LOOKED_AT = 32;
const SPELLINGS = 20;

let checker: Promise<ZxcvbnFactory> | undefined;

/** Loaded with the first password that is set: the lists take 20 MB, and many an instance never needs them. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  const limits = { maxLength: LOOKED_AT, l33tMaxSubstitutions: SPELLINGS };
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, ...limits });
}

/**
 * Refuses a new password that whoever guesses tries first: common ones, rows of keys, repetitions, dates, and what is made
 * of the account's own address or name.
 * @param field what it is called in the request. @throws AppError 400
 */
export async function refuseWeakPassword(
  field: string,
  password: string,
  { email, name }: { email: string; name?: string | null | undefined },
): Promise<void> {
  const own = [email, ...email.split(/[@.+_-]/), ...(name ?? "").split(/\s+/)].filter(
    (text) => text.length > 2,
  );
  checker ??= load();
  const isWeak = isOwnAddress(password, email) || (await checker).check(password, own).guesses < GUESSES;
  if (!isWeak) return;
  const message =
    "is one that is guessed first: it is common, a pattern, or made of the account's own address";
  throw validationError(`${field} ${message}.`, [{ path: field, message }]);
}

/** Whether it is the address, or the part before the @, and little more; however long that is. */
function isOwnAddress(password: string, email: string): boolean {
  const lower = password.toLowerCase();
  const [local = email] = email.split("@", 1);
  return [email, local].some(
    (text) => text.length > 2 && lower.includes(text) && lower.replaceAll(text, "").length < BESIDE_ADDRESS,
  );
}
