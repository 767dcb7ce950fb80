import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";

const IPV6_NETWORK_BITS = 64;

/**
 * The address that limits count a request under, the proxies that are trusted left out. Of an IPv6 address it is the
 * network: whoever has one has all of it.
 */
export function addressOf(request: IncomingMessage): string {
  // Requests of our server are born with Express's prototype, those that ask for a WebSocket too.
  const { ip } = request as IncomingMessage & { ip?: string };
  return limitAddress(ip ?? request.socket.remoteAddress);
}

/** @param address as a socket or a proxy's header tells it; anything that is no address counts as one and the same. */
export function limitAddress(address: string | undefined): string {
  // A link-local address ends with the network card it was seen on.
  const [plain = ""] = (address ?? "").split("%", 1);
  if (!ipaddr.isValid(plain)) return "unknown";
  const parsed = ipaddr.process(plain);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_NETWORK_BITS}`).toString();
}
