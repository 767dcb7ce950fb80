import { createHash } from "node:crypto";

/** 48 bits of a text's digest, as a number: millions of them take little memory, and hardly two texts share one. */
export function fingerprint(text: string): number {
  return Number.parseInt(createHash("sha1").update(text).digest("hex").slice(0, 12), 16);
}
