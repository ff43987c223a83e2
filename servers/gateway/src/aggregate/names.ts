import { createHash } from "node:crypto";

/** Between the server and its tool; server names have no underscore, so the first one parts them. */
const SEPARATOR = "__";
/** Longest name that clients take. */
export const MAX_NAME_LENGTH = 64;
const HASH_LENGTH = 6;

/**
 * `greet__echoHai`; without a prefix the name itself. A longer name than clients take is cut, and told
 * apart by a hash of the whole.
 */
export function joinName(prefix: string, name: string): string {
  const whole = prefix === "" ? name : `${prefix}${SEPARATOR}${name}`;
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
