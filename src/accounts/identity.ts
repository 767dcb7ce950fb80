import type { IncomingMessage } from "node:http";
import type { Who } from "../contracts/access.ts";
import type { Role, User } from "../contracts/accounts.ts";
import { addressOf } from "../platform/http/address.ts";

/** What someone came in with. `id` is a session's digest or a key's id: neither opens anything. */
export interface Credential {
  kind: "session" | "key";
  id: string;
}

/** Who a request or a socket comes from. */
export interface Identity {
  who: Who;
  /** Absent: nobody. */
  user?: User;
  credential?: Credential;
  /** The models that a key names; null: all of its account's. */
  models?: readonly string[] | null;
}

export const NOBODY: Identity = { who: "nobody" };

/** The name under which limits count someone; where they come from matters only of those who are nobody. */
export function limitKeyOf({ credential, user }: Identity, request: IncomingMessage): string {
  if (credential?.kind === "key") return `key:${credential.id}`;
  return user === undefined ? `address:${addressOf(request)}` : `user:${user.id}`;
}

export function whoIs(role: Role, kind: Credential["kind"]): Who {
  return kind === "key" ? `${role}'s key` : role;
}
