import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { ToolError } from "#shared/core/errors.ts";
import { MS_A_DAY } from "./period.ts";

/** For the handshake, milliseconds. */
export const PROBE_TIMEOUT_MS = 10_000;
const MAX_CHAIN = 10;

export interface TlsResult extends Record<string, unknown> {
  host: string;
  port: number;
  ok: boolean;
  error?: string;
  validFrom?: string;
  validTo?: string;
  daysLeft?: number;
  protocol?: string | null;
  cipher?: string;
  /** Whether the chain leads to an authority this machine trusts, and the name fits. */
  trusted?: boolean;
  reason?: string | null;
  chain?: { subject: string; issuer: string; validTo: string }[];
}

interface Options {
  port: number;
  now: Date;
  signal: AbortSignal;
  /** Addresses of this machine's own networks are probed too. */
  allowPrivate: boolean;
}

/** Looks at the certificate a host shows, by a TLS handshake with its name (SNI). What fails is told, not thrown. */
export async function probeTls(host: string, options: Options): Promise<TlsResult> {
  const { port } = options;
  try {
    const address = await publicAddress(host, options.allowPrivate);
    return {
      host,
      port,
      ok: true,
      ...factsOf(await handshake(host, address, options), options.now),
    };
  } catch (error) {
    options.signal.throwIfAborted();
    return { host, port, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

const privateNets = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  privateNets.addSubnet(net, bits, "ipv4");
for (const [net, bits] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
  ["64:ff9b::", 96],
] as const)
  privateNets.addSubnet(net, bits, "ipv6");

/** Resolved once and connected to as resolved: a name cannot lead elsewhere the second time. */
async function publicAddress(host: string, allowPrivate: boolean): Promise<string> {
  const { address, family } = isIP(host)
    ? { address: host, family: isIP(host) }
    : await lookup(host);
  if (!allowPrivate && privateNets.check(address, family === 6 ? "ipv6" : "ipv4"))
    throw new ToolError(
      "PERMISSION_DENIED",
      "The host is in a private network; the operator allows it with MAKE_TLS_PRIVATE=on",
    );
  return address;
}

interface Shown {
  certificate: DetailedPeerCertificate;
  protocol: string | null;
  cipher: string;
  trusted: boolean;
  reason: string | null;
}

function handshake(host: string, address: string, { port, signal }: Options) {
  return new Promise<Shown>((resolve, reject) => {
    // untrusted and expired certificates are what is looked for: they are told, not refused
    const socket = connect({
      host: address,
      port,
      ...(!isIP(host) && { servername: host }),
      rejectUnauthorized: false,
      timeout: PROBE_TIMEOUT_MS,
    });
    const stop = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const onAbort = () => stop(new Error("stopped"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", onAbort));
    socket.once("error", stop);
    socket.once("timeout", () => stop(new Error(`no handshake within ${PROBE_TIMEOUT_MS} ms`)));
    socket.once("secureConnect", () => {
      resolve({
        certificate: socket.getPeerCertificate(true),
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().name,
        trusted: socket.authorized,
        reason: socket.authorized ? null : String(socket.authorizationError),
      });
      socket.destroy();
    });
  });
}

function factsOf({ certificate, ...shown }: Shown, now: Date): Partial<TlsResult> {
  const validTo = dateIn(certificate.valid_to);
  return {
    validFrom: dateIn(certificate.valid_from).toISOString(),
    validTo: validTo.toISOString(),
    daysLeft: Math.floor((validTo.getTime() - now.getTime()) / MS_A_DAY),
    ...shown,
    chain: chainOf(certificate),
  };
}

/** What stands in a certificate is whatever its maker wrote. */
function dateIn(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new Error(`the certificate has a date that cannot be read: ${text}`);
  return date;
}

function chainOf(leaf: DetailedPeerCertificate) {
  const chain = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = leaf;
  while (each && chain.length < MAX_CHAIN && !seen.has(each.fingerprint256)) {
    seen.add(each.fingerprint256);
    chain.push({
      subject: String(each.subject?.CN ?? each.subject?.O ?? ""),
      issuer: String(each.issuer?.CN ?? each.issuer?.O ?? ""),
      validTo: dateIn(each.valid_to).toISOString(),
    });
    each = each.issuerCertificate;
  }
  return chain;
}
