import { createHash } from "node:crypto";

/** Between the server and its tool; server names have no underscore, so the first one parts them. */
const SEPARATOR = "__";
/** Longest name that models take, and what clients put before the names of the server "flotilla". */
const MODEL_LIMIT = 64;
const CLIENT_PREFIX = "mcp__flotilla__";
/** One longer name breaks the whole session of some clients. */
export const MAX_NAME_LENGTH = MODEL_LIMIT - CLIENT_PREFIX.length;
const HASH_LENGTH = 6;

const wholeName = (prefix: string, name: string) =>
  prefix === "" ? name : `${prefix}${SEPARATOR}${name}`;

/** Whether a name is longer than clients take. */
export const isTooLong = (prefix: string, name: string): boolean =>
  wholeName(prefix, name).length > MAX_NAME_LENGTH;

/**
 * `greet__echoHai`; without a prefix the name itself. A longer name than clients take is cut, and told
 * apart by a hash of the whole.
 */
export function joinName(prefix: string, name: string): string {
  const whole = wholeName(prefix, name);
  if (whole.length <= MAX_NAME_LENGTH) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, HASH_LENGTH);
  return `${whole.slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}

export interface Parted {
  prefix: string;
  rest: string;
}

/** Parts `greet__echoHai`: for names of servers whose lists are not known. */
export function partName(joined: string): Parted | undefined {
  const at = joined.indexOf(SEPARATOR);
  return at <= 0
    ? undefined
    : { prefix: joined.slice(0, at), rest: joined.slice(at + SEPARATOR.length) };
}

/** `greet+health://status`: still a URI, because a scheme may have a plus. */
export const joinUri = (prefix: string, uri: string): string =>
  prefix === "" ? uri : `${prefix}+${uri}`;

export function partUri(joined: string): Parted | undefined {
  const at = joined.indexOf("+");
  return at <= 0 ? undefined : { prefix: joined.slice(0, at), rest: joined.slice(at + 1) };
}
