import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SESSION_COOKIE } from "../contracts/accounts.ts";

const COOKIE = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([^;]*)`);
const SIGNED = /^s:([\w-]{1,100})\.([A-Za-z0-9+/]{43})$/;

/** Under which name the database knows a session: nobody gets from it to the id in the cookie. */
export function digestOf(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("base64url");
}

/**
 * The session id out of a `Cookie` header, as express-session signs it. What was not signed here, or was altered, is
 * not worth a look into the database.
 */
export function sessionIdFrom(header: string | undefined, secret: string): string | undefined {
  const raw = header === undefined ? undefined : COOKIE.exec(header)?.[1];
  if (raw === undefined) return undefined;
  const [, id, signature] = SIGNED.exec(decode(raw)) ?? [];
  if (id === undefined || signature === undefined) return undefined;
  const expected = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  const isOurs =
    expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
  return isOurs ? id : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
