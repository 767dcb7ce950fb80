import { ImportError, type SourceOptions } from "../source.ts";

/** Where a Redis is; `url` holds the password, `name` does not. */
export interface RedisAddress {
  url: string;
  name: string;
}

/**
 * Reads what the command line says: `redis://`, `rediss://`, or Upstash's `https://` REST URL with its token, which is
 * also the password of the same host over the Redis protocol (TLS, port 6379).
 * @param configured the service's own Redis: where it is the same host, its token serves.
 * @throws ImportError
 */
export function redisAddress(argument: string, { token }: SourceOptions, configured?: string): RedisAddress {
  if (!URL.canParse(argument)) {
    throw new ImportError("The source is no URL: redis://, rediss:// or Upstash's https:// is expected.");
  }
  const given = new URL(argument);
  if (given.protocol === "https:") return upstash(given, token, configured);
  if (given.protocol !== "redis:" && given.protocol !== "rediss:") {
    throw new ImportError(
      `The source's URL starts with ${given.protocol}//, where redis://, rediss:// or Upstash's https:// is expected.`,
    );
  }
  if (token !== undefined) given.password = encodeURIComponent(token);
  // Whoever connects would say less, and of a database's name nothing: it would read database 0.
  for (const part of [given.username, given.password]) decoded(part);
  for (const database of [given.pathname.replace(/^\//, ""), given.searchParams.get("db") ?? ""]) {
    if (!/^\d*$/.test(database)) {
      throw new ImportError(
        "The source's URL names a database that is no number: redis://host:6379/1 is how one is named.",
      );
    }
  }
  return { url: given.toString(), name: nameOf(given) };
}

function upstash(given: URL, token: string | undefined, configured: string | undefined): RedisAddress {
  const own = configured === undefined ? undefined : new URL(configured);
  const secret =
    token ??
    (given.password !== "" ? decoded(given.password) : undefined) ??
    (own?.hostname === given.hostname ? decoded(own.password) : undefined);
  if (secret === undefined) {
    throw new ImportError(
      "Upstash needs its token beside the REST URL: --token <token>, or UPSTASH_REDIS_REST_TOKEN with the same UPSTASH_REDIS_REST_URL.",
    );
  }
  const url = new URL(`rediss://default:${encodeURIComponent(secret)}@${given.hostname}:6379`);
  return { url: url.toString(), name: nameOf(url) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ImportError(
      "The source's URL has a percent sign that begins no escape: one that is meant as such is written %25.",
    );
  }
}

const nameOf = ({ protocol, host, pathname }: URL) =>
  `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
