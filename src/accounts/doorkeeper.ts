import type { IncomingMessage } from "node:http";
import { type AccessRules, allows, SOCKET_ACCESS } from "../contracts/access.ts";
import type { Allowance } from "../platform/allowance.ts";
import { forbidden, rateLimited, unauthenticated } from "../platform/errors.ts";
import { addressOf } from "../platform/http/address.ts";
import { isForeignOrigin } from "../platform/http/origin.ts";
import type { Identifier } from "./identify.ts";
import { limitKeyOf, NOBODY } from "./identity.ts";
import type { CredentialWatch } from "./watch-credentials.ts";

export interface DoorkeeperOptions {
  rules: AccessRules;
  identifier: Identifier;
  watch: CredentialWatch;
  allowedOrigins: readonly string[];
  /** How many connections one address may hold on this instance; 0: any number. */
  perAddress: number;
  /** Absent: subscriptions are not counted. */
  subscriptions?: Allowance | undefined;
}

const FULL_RETRY_SECONDS = 10;

/** Who may open a stream, over whichever door; what the stream asks of accounts. */
export function createDoorkeeper(options: DoorkeeperOptions) {
  const { rules, identifier, watch, allowedOrigins, perAddress, subscriptions } = options;
  const counts = new Map<string, number>();
  const checksOrigins = rules.auth === "required" || allowedOrigins.length > 0;

  return {
    /** Whether a connection may come from here. @throws AppError 403, 429 */
    checkOrigin(request: IncomingMessage): void {
      if (checksOrigins && isForeignOrigin(request.headers, allowedOrigins)) {
        throw forbidden("Pages of this origin may not connect.");
      }
      if (perAddress > 0 && (counts.get(addressOf(request)) ?? 0) >= perAddress) {
        throw rateLimited("This address holds too many connections.", FULL_RETRY_SECONDS);
      }
    },

    /** Counts a connection that was opened. @returns for when it has closed. */
    countIn(request: IncomingMessage): () => void {
      const address = addressOf(request);
      counts.set(address, (counts.get(address) ?? 0) + 1);
      return () => {
        const left = (counts.get(address) ?? 1) - 1;
        if (left > 0) counts.set(address, left);
        else counts.delete(address);
      };
    },

    /**
     * Who a connection belongs to. @param token a key from the handshake.
     * @throws AppError 401, 403, 429, and what the database throws.
     */
    async admit(request: IncomingMessage, token?: string) {
      // With AUTH=open nothing depends on who it is.
      const identity = rules.auth === "open" ? NOBODY : await identifier.identify(request, token);
      const { credential, who } = identity;
      const refusal = () =>
        who === "nobody"
          ? unauthenticated("Watching needs an account or a key here.")
          : forbidden("This account may not watch.");
      if (!allows(SOCKET_ACCESS.connect, who, rules)) throw refusal();
      const limitKey = limitKeyOf(identity, request);
      return {
        /** @throws AppError 401, 403, 429 */
        async mayUse(event: "subscribe" | "unsubscribe"): Promise<void> {
          if (!allows(SOCKET_ACCESS[event], who, rules)) throw refusal();
          if (event === "subscribe") await subscriptions?.take(limitKey);
        },
        /** @param cut is called once its session or key has ended. @returns forgets the connection. */
        watch: (cut: () => void): (() => void) =>
          credential === undefined ? () => {} : watch.watch(credential, cut),
      };
    },
  };
}
