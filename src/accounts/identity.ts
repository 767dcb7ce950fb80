import type { Who } from "../contracts/access.ts";
import type { Role, User } from "../contracts/accounts.ts";

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

/** How many seconds of their own limit each has is counted under this name. */
export function limitKeyOf({ credential, user }: Identity, address: string): string {
  if (credential?.kind === "key") return `key:${credential.id}`;
  return user === undefined ? `address:${address}` : `user:${user.id}`;
}

export function whoIs(role: Role, kind: Credential["kind"]): Who {
  return kind === "key" ? `${role}'s key` : role;
}
