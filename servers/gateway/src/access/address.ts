import type { IncomingMessage } from "node:http";
import { BlockList, isIPv4, isIPv6, type Socket } from "node:net";
import { StartError } from "#shared/core/lifecycle.ts";
import type { SenderOf } from "#shared/mcp/connection-places.ts";
import { isLoopback } from "#shared/mcp/guards.ts";

/** Of an address with a zone nothing is known beyond this machine. */
const NETWORK = /^([^/%]+)(?:\/(\d{1,3}))?$/;

/** Proxies whose word is taken for where a request comes from: addresses, and networks such as 10.0.0.0/8. */
export function trustedProxies(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [, address = "", bits] = NETWORK.exec(entry) ?? [];
    const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : undefined;
    const most = family === "ipv4" ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (!family || prefix > most)
      throw new StartError(
        `gateway.trustedProxies: "${entry}" is neither an address nor a network such as 10.0.0.0/8`,
      );
    list.addSubnet(address, prefix, family);
  }
  return list;
}

/** What a connection comes from does not change, and asking the socket is not free. */
const ofSockets = new WeakMap<Socket, string>();

function peerOf({ socket }: IncomingMessage): string {
  const known = ofSockets.get(socket);
  if (known !== undefined) return known;
  const address = plain(socket.remoteAddress ?? "");
  ofSockets.set(socket, address);
  return address;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const plain = (address: string): string => MAPPED.exec(address)?.[1] ?? address;

const isTrusted = (proxies: BlockList, address: string): boolean =>
  isIPv4(address)
    ? proxies.check(address, "ipv4")
    : isIPv6(address) && proxies.check(address, "ipv6");

/**
 * Where a request comes from. X-Forwarded-For is read from its end, for as long as who wrote it is
 * trusted: what a client writes there itself is never taken.
 */
export function addressOf(request: IncomingMessage, proxies: BlockList): string {
  let address = peerOf(request);
  const forwarded = request.headers["x-forwarded-for"];
  if (forwarded === undefined || !isTrusted(proxies, address)) return address;
  const hops = String(forwarded)
    .split(",")
    .map((hop) => plain(hop.trim()));
  for (const hop of hops.reverse()) {
    if (!isIPv4(hop) && !isIPv6(hop)) return address;
    address = hop;
    if (!isTrusted(proxies, hop)) return address;
  }
  return address;
}

/** Whose a connection is; those of trusted proxies and of this machine are many people's, and not counted. */
export function connectionSender(proxies: () => readonly string[]): SenderOf {
  let of: readonly string[] | undefined;
  let trusted = new BlockList();
  return (peer) => {
    const entries = proxies();
    if (of !== entries) trusted = trustedProxies(entries);
    of = entries;
    const address = plain(peer);
    return isLoopback(address) || isTrusted(trusted, address) ? undefined : senderOf(address);
  };
}

const NETWORK_GROUPS = 4;

/** What counts as one sender: an address, or of IPv6 the /64 that one customer has. */
export function senderOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: gap }, () => "0"), ...after];
  return `${groups.slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
