import ipaddr from "ipaddr.js";

/** What of this machine's surroundings a request to a foreign address may reach. */
export interface ReachRules {
  /** Loopback addresses and their ports too; for tests. Nothing else that is private is ever reached. */
  allowLoopback: boolean;
}

const WEB_PORTS = new Set([80, 443]);
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR("2000::/3");
// A public address by its number, but a cloud's own machine room behind it.
const AZURE_METADATA = "168.63.129.16";

/**
 * Whether a connection to this IP address and port may be opened: a public unicast address on a web port, or with
 * `allowLoopback` a loopback address on any port. Addresses that carry an IPv4 address inside (mapped, NAT64, 6to4,
 * Teredo) are refused whatever they carry.
 */
export function mayConnect(address: string, port: number, { allowLoopback }: ReachRules): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === "loopback") return allowLoopback;
  return range === "unicast" && isGlobal(parsed, address) && WEB_PORTS.has(port);
}

// For IPv6 "unicast" is also what no table knows, like IPv4 addresses in their oldest disguise (::127.0.0.1).
function isGlobal(parsed: ipaddr.IPv4 | ipaddr.IPv6, address: string): boolean {
  return parsed.kind() === "ipv4"
    ? address !== AZURE_METADATA
    : (parsed as ipaddr.IPv6).match(GLOBAL_V6[0], GLOBAL_V6[1]);
}
