import type { Database, Statement } from "../platform/postgres/database.ts";
import type { Credential } from "./identity.ts";

const LOOK_EVERY_MS = 2_000;

const STILL_GOOD: Statement = {
  name: "still-good-credentials",
  text: `SELECT s.sid AS id FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.sid = ANY($1::text[]) AND s.expires > now() AND u.disabled_at IS NULL
    UNION ALL
    SELECT k.id FROM api_keys k JOIN users u ON u.id = k.user_id
    WHERE k.id = ANY($2::text[]) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
      AND u.disabled_at IS NULL`,
};

/**
 * Cuts open connections when the session or key that they came with ends: within seconds of its end on any instance, by
 * one query for all connections of this one.
 */
export interface CredentialWatch {
  /** @param cut is called once, where the credential ends. @returns forgets the connection. */
  watch(credential: Credential, cut: () => void): () => void;
  /** Cuts those at once whose credential was just ended here. */
  end(matches: (credential: Credential) => boolean): void;
  stop(): void;
}

interface Watched {
  credential: Credential;
  cut: () => void;
}

export interface CredentialWatchOptions {
  database: Database;
  /** One has ended, on this instance or another; called before its connections are cut. */
  onEnded: (credential: Credential) => void;
  onError: (error: unknown) => void;
}

export function watchCredentials({ database, onEnded, onError }: CredentialWatchOptions): CredentialWatch {
  const connections = new Set<Watched>();
  let isLooking = false;

  function end(matches: (credential: Credential) => boolean): void {
    for (const connection of connections) {
      if (!matches(connection.credential)) continue;
      connections.delete(connection);
      onEnded(connection.credential);
      connection.cut();
    }
  }

  async function look(): Promise<void> {
    if (connections.size === 0 || isLooking) return;
    isLooking = true;
    // Whoever connects while the question is out was not asked for.
    const asked = new Set([...connections].map(({ credential }) => nameOf(credential)));
    const idsOf = (kind: Credential["kind"]) => [
      ...new Set([...connections].flatMap(({ credential: c }) => (c.kind === kind ? [c.id] : []))),
    ];
    try {
      const rows = await database.run<{ id: string }>(STILL_GOOD, [idsOf("session"), idsOf("key")]);
      const good = new Set(rows.map(({ id }) => id));
      end((credential) => asked.has(nameOf(credential)) && !good.has(credential.id));
    } catch (error) {
      // Who may stay cannot be known now, and nothing new comes from the database that is away.
      onError(error);
    } finally {
      isLooking = false;
    }
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();

  return {
    watch(credential, cut) {
      const connection = { credential, cut };
      connections.add(connection);
      return () => connections.delete(connection);
    },
    end,
    stop: () => clearInterval(timer),
  };
}

const nameOf = ({ kind, id }: Credential) => `${kind} ${id}`;
