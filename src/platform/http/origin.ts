import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a request was sent by a page of another origin that is not on the list. Programs send no Origin, and are
 * never foreign. The scheme is not compared: behind a balancer that ends TLS only the host is known here.
 * @param allowed origins as browsers write them: `https://board.example`.
 */
export function isForeignOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin } = headers;
  // A browser that hides the origin still says that it is another one.
  if (origin === undefined) return headers["sec-fetch-site"] === "cross-site";
  if (allowed.includes(origin)) return false;
  const { host } = headers;
  if (host === undefined || !URL.canParse(origin)) return true;
  const { protocol, host: originHost } = new URL(origin);
  if (protocol !== "http:" && protocol !== "https:") return true;
  // Browsers leave the default port out of both; a proxy may have put it into one.
  return originHost !== host.toLowerCase().replace(protocol === "https:" ? /:443$/ : /:80$/, "");
}
