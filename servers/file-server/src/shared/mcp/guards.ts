// Copied from shared/mcp/guards.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject } from "#shared/core/contract.ts";
import { INVALID_REQUEST, PARSE_ERROR, SERVER_ERROR } from "#shared/core/rpc-codes.ts";

/** Who may talk to an HTTP entry: the same rules on every route. */
export interface AccessPolicy {
  /** Host names that are answered; undefined when any is (behind a platform's own router). */
  hosts: ReadonlySet<string> | undefined;
  /** Web origins beside those of this machine, such as "https://app.example.com". */
  origins: ReadonlySet<string>;
  /** Whether pages served from this machine may call. */
  localOrigins: boolean;
}

export interface Refusal {
  status: number;
  message: string;
}

const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];

export const isLoopback = (address: string): boolean =>
  /^(localhost|::1|\[::1\]|127(\.\d{1,3}){3})$/i.test(address);

/**
 * On a loopback address only this machine's names are answered, so that a page elsewhere cannot
 * reach the server by pointing its own name here (DNS rebinding). On other addresses the names are
 * those configured; with none configured any name is answered.
 */
export function accessPolicy(
  address: string,
  allowedHosts: readonly string[],
  allowedOrigins: readonly string[],
): AccessPolicy {
  const local = isLoopback(address);
  const named = local || allowedHosts.length > 0;
  return {
    hosts: named
      ? new Set([...LOCAL_NAMES, ...allowedHosts.map((host) => host.toLowerCase())])
      : undefined,
    origins: new Set(allowedOrigins.map((origin) => origin.toLowerCase())),
    localOrigins: local,
  };
}

/** Checks Host and Origin; undefined means go on. Header values as received; a repeated header is joined by a comma. */
export function checkAccess(
  policy: AccessPolicy,
  host: string | undefined,
  origin: string | undefined,
): Refusal | undefined {
  if (host === undefined || host === "")
    return { status: 400, message: "The request has no Host header" };
  const hostname = hostnameOfHeader(host);
  if (hostname === undefined) return { status: 400, message: "The Host header is not valid" };
  if (policy.hosts && !policy.hosts.has(hostname)) {
    return {
      status: 403,
      message: `Host ${hostname} is not allowed here. Add it to ALLOWED_HOSTS.`,
    };
  }
  if (origin === undefined || isAllowedOrigin(policy, origin.toLowerCase())) return undefined;
  return { status: 403, message: "This Origin is not allowed here. Add it to ALLOWED_ORIGINS." };
}

function isAllowedOrigin({ origins, localOrigins }: AccessPolicy, origin: string): boolean {
  if (origins.has(origin)) return true;
  const hostname = hostnameOf(origin);
  return localOrigins && hostname !== undefined && LOCAL_NAMES.includes(hostname);
}

let lastHost: string | undefined;
let lastHostname: string | undefined;

/** Nearly all requests say the same host as the one before. */
function hostnameOfHeader(host: string): string | undefined {
  if (host !== lastHost) {
    lastHost = host;
    lastHostname = hostnameOf(`http://${host}`);
  }
  return lastHostname;
}

const PLAIN_HOST = /^http:\/\/([a-z0-9.-]+)(?::\d{1,5})?$/;

/** The name in an http(s) origin, in lower case; undefined when the text is anything else. */
function hostnameOf(origin: string): string | undefined {
  const plain = PLAIN_HOST.exec(origin);
  if (plain) return plain[1];
  try {
    const url = new URL(origin);
    const bare =
      url.pathname === "/" &&
      url.search === "" &&
      url.hash === "" &&
      url.username === "" &&
      !origin.endsWith("/");
    return bare && /^https?:$/.test(url.protocol) ? url.hostname : undefined;
  } catch {
    return undefined;
  }
}

/** Largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Deepest nesting of arrays and objects in a body. */
export const MAX_JSON_DEPTH = 64;

/** Whether JSON text nests deeper than `limit`. Counts brackets outside strings, so it is linear. */
export function isDeeperThan(json: string, limit: number): boolean {
  if (!hasMoreBrackets(json, limit)) return false;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** Whether there are more than `limit` opening brackets, in strings or not: nearly all bodies have fewer. */
function hasMoreBrackets(json: string, limit: number): boolean {
  let count = 0;
  for (const bracket of "{[") {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      if (++count > limit) return true;
    }
  }
  return false;
}

/** A refusal as JSON-RPC words it; `id` is null because the request was not read. */
export const refusalBody = ({ message }: Refusal, code = SERVER_ERROR): string =>
  JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });

export type ParsedBody = { value: JsonObject } | { refusal: Refusal; code: number };

/** Parses the body of a POST. Batches are refused: no revision that needs them is served with them. */
export function parseBody(text: string): ParsedBody {
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    return {
      refusal: { status: 400, message: `The body nests deeper than ${MAX_JSON_DEPTH} levels` },
      code: INVALID_REQUEST,
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refusal: { status: 400, message: "Parse error: Invalid JSON" }, code: PARSE_ERROR };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      refusal: { status: 400, message: "The body is not one JSON-RPC message" },
      code: INVALID_REQUEST,
    };
  }
  return { value: value as JsonObject };
}
