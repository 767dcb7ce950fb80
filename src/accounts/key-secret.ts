import { hash, randomBytes, timingSafeEqual } from "node:crypto";

const SHAPE = /^tpk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

export interface KeySecret {
  /** The public beginning: `tpk_` and 60 random bits. */
  prefix: string;
  /** `<prefix>_` and 256 random bits. */
  secret: string;
  hash: string;
}

export function makeKeySecret(): KeySecret {
  const letters = [...randomBytes(12)].map((byte) => PREFIX_LETTERS[byte % 32]).join("");
  const prefix = `tpk_${letters}`;
  const secret = `${prefix}_${randomBytes(32).toString("base64url")}`;
  return { prefix, secret, hash: hashSecret(secret) };
}

/** @returns the prefix by which a secret is found; undefined where it can be none of ours. */
export function prefixOf(secret: string): string | undefined {
  const letters = SHAPE.exec(secret)?.[1];
  return letters === undefined ? undefined : `tpk_${letters}`;
}

/** SHA-256 as hex. */
export function hashSecret(secret: string): string {
  return hash("sha256", secret);
}

/** Compares two digests in time that does not depend on where they differ. */
export function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
