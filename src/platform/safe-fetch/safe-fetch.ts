import { lookup as lookUpDns } from "node:dns/promises";
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { mayConnect, type ReachRules } from "./address-rules.ts";
import { ACCEPTED_ENCODINGS, readBody } from "./read-body.ts";
import { SafeFetchError } from "./safe-fetch-error.ts";

/** Asks for all addresses of a name. */
export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;

export interface SafeFetchOptions extends ReachRules {
  headers?: Record<string, string>;
  /** Both on the wire and decompressed. */
  maxBytes: number;
  /** Milliseconds until a connection must stand, TLS included. */
  connectTimeoutMs: number;
  /** Milliseconds for everything: all redirects and the whole body. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** How names are resolved; the system's resolver where absent. */
  resolve?: Resolve | undefined;
}

export interface SafeAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Where the answer came from in the end. */
  url: string;
  body: Buffer;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const DEFAULT_PORTS: Record<string, number> = { "http:": 80, "https:": 443 };

const resolveBySystem: Resolve = (hostname) => lookUpDns(hostname, { all: true });

/**
 * GETs an address that somebody else chose, without ever touching what is not public: the rules are applied to the
 * very address that the socket connects to, so a name that answers differently the second time gains nothing, and
 * again for each redirect.
 * @throws SafeFetchError where the rules, a limit or the caller's signal stop it; network errors as node has them.
 */
export async function safeFetch(address: string, options: SafeFetchOptions): Promise<SafeAnswer> {
  const ending = new AbortController();
  const stop = () => ending.abort(new SafeFetchError("the service is stopping"));
  const timer = setTimeout(
    () => ending.abort(new SafeFetchError(`it took longer than ${options.timeoutMs} ms`)),
    options.timeoutMs,
  );
  if (options.signal?.aborted === true) stop();
  options.signal?.addEventListener("abort", stop);
  try {
    return await follow(address, options, ending.signal);
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}

async function follow(address: string, options: SafeFetchOptions, signal: AbortSignal): Promise<SafeAnswer> {
  let url = allowedUrl(address, undefined, options);
  for (let hops = 0; ; hops++) {
    const response = await open(url, options, signal);
    const { statusCode: status = 0, headers } = response;
    if (!REDIRECTS.has(status) || headers.location === undefined) {
      try {
        return { status, headers, url: url.href, body: await readBody(response, options.maxBytes) };
      } finally {
        response.destroy();
      }
    }
    response.destroy();
    if (hops === MAX_REDIRECTS) throw new SafeFetchError(`it redirects more than ${MAX_REDIRECTS} times`);
    url = allowedUrl(headers.location, url, options);
  }
}

/** @throws SafeFetchError where the rules forbid the address as it is written. */
function allowedUrl(address: string, base: URL | undefined, rules: ReachRules): URL {
  if (!URL.canParse(address, base?.href))
    throw new SafeFetchError("it leads to something that is no address");
  const url = new URL(address, base?.href);
  const port = portOf(url);
  if (port === undefined) throw new SafeFetchError("it leads to something other than http or https");
  if (url.username !== "" || url.password !== "") {
    throw new SafeFetchError("it leads to an address with credentials in it");
  }
  const host = hostOf(url);
  const isAllowed =
    isIP(host) === 0
      ? rules.allowLoopback || url.port === "" || isWebPort(port)
      : mayConnect(host, port, rules);
  // Sockets ask no resolver about a host that is an address already, so that one is checked here.
  if (!isAllowed) throw notPublic(url);
  return url;
}

const isWebPort = (port: number) => Object.values(DEFAULT_PORTS).includes(port);
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, "");
const portOf = (url: URL) =>
  url.port === "" || !(url.protocol in DEFAULT_PORTS) ? DEFAULT_PORTS[url.protocol] : Number(url.port);
const notPublic = (url: URL) => new SafeFetchError(`${url.host} is not a public web address`);

function open(url: URL, options: SafeFetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { "accept-encoding": ACCEPTED_ENCODINGS, ...options.headers };
  return new Promise((resolve, reject) => {
    // An agent of its own: a connection kept from before would skip the look-up and with it the check.
    const sent = request(url, { agent: false, headers, signal, lookup: checkedLookup(url, options) });
    limitConnecting(sent, url, options.connectTimeoutMs);
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.end();
  });
}

function checkedLookup(url: URL, options: SafeFetchOptions): LookupFunction {
  const resolveName = options.resolve ?? resolveBySystem;
  const port = portOf(url) as number;
  return (hostname, { all }, callback) => {
    resolveName(hostname).then(
      (found) => {
        const allowed = found.filter(({ address }) => mayConnect(address, port, options));
        const [first] = allowed;
        if (first === undefined) callback(notPublic(url), "", 0);
        else if (all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

function limitConnecting(request: ClientRequest, url: URL, timeoutMs: number): void {
  const timer = setTimeout(
    () => request.destroy(new SafeFetchError(`no connection within ${timeoutMs} ms`)),
    timeoutMs,
  );
  request.once("socket", (socket) =>
    socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => clearTimeout(timer)),
  );
  request.once("close", () => clearTimeout(timer));
}
