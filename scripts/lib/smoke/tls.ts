import { connect } from "node:tls";
import { withDeadline } from "../deadline.ts";
import { isLoopback, type Target } from "./target.ts";

/** Fewer days than this, and a certificate that renews itself would have done so. */
export const LEAST_DAYS = 7;
const PATIENCE_MS = 10_000;
const DAY_MS = 86_400_000;

/** A certificate that browsers accept, for some time yet; on this machine none is needed. */
export async function checkTls({ url }: Target, now = new Date()): Promise<string> {
  if (url.protocol === "http:") {
    if (isLoopback(url)) return "none, on this machine";
    throw new Error(`${url.host} is reached without TLS: keys and results travel in the clear`);
  }
  const { protocol, validTo } = await withDeadline(handshake(url), PATIENCE_MS, () => {
    return `no TLS handshake within ${PATIENCE_MS} ms`;
  });
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
  const told = `${protocol}, the certificate is valid for ${days} days`;
  if (days < LEAST_DAYS) throw new Error(`${told}: renew it`);
  return told;
}

function handshake({ hostname, port }: URL): Promise<{ protocol: string; validTo: Date }> {
  return new Promise((resolve, reject) => {
    // an address in brackets, or a name
    const host = hostname.replace(/^\[|\]$/g, "");
    const socket = connect({ host, port: Number(port || 443), servername: host }, () => {
      const validTo = new Date(socket.getPeerCertificate().valid_to);
      resolve({ protocol: socket.getProtocol() ?? "TLS", validTo });
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
