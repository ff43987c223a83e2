import { UsageError } from "../args.ts";

/** What is asked, and with what. */
export interface Target {
  /** Ends with /mcp. */
  url: URL;
  /** Sent as a bearer token. */
  key?: string | undefined;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

/** Reads the address of a server's HTTP entry, with or without its /mcp, or of a gateway's server. */
export function readTarget(text: string, key?: string): Target {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new UsageError(`"${text}" is no http or https address`);
  const url = new URL(text);
  if (!url.pathname.endsWith("/mcp")) url.pathname = `${url.pathname.replace(/\/$/, "")}/mcp`;
  if (key !== undefined && url.protocol === "http:" && !isLoopback(url))
    throw new UsageError(`the key would be sent in the clear to ${url.host}: use https`);
  return { url, key };
}

export const keyHeaders = ({ key }: Target): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };

/** Beside /mcp, and for a server behind a gateway where the gateway itself has it. */
export function placesOf({ url }: Target, path: string): URL[] {
  const own = url.pathname.replace(/\/mcp$/, "");
  const above = own.replace(/\/[^/]+$/, "");
  return [...new Set([own, above])].map((prefix) => new URL(`${prefix}/${path}`, url));
}
