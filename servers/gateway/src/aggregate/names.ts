import { createHash } from "node:crypto";

/** Between the server and its tool; server names have no underscore, so the first one parts them. */
const SEPARATOR = "__";
/** Longest name that clients take. */
export const MAX_NAME_LENGTH = 64;
const HASH_LENGTH = 6;

/** `greet__echoHai`. A longer name than clients take is cut, and told apart by a hash of the whole. */
export function joinName(server: string, name: string): string {
  const whole = `${server}${SEPARATOR}${name}`;
  if (whole.length <= MAX_NAME_LENGTH) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, HASH_LENGTH);
  return `${whole.slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}

export interface Parted {
  server: string;
  rest: string;
}

/** Parts `greet__echoHai`. `known` are the server's own names, to find one that was cut. */
export function partName(
  joined: string,
  known: (server: string) => readonly { name: string }[],
): Parted | undefined {
  const at = joined.indexOf(SEPARATOR);
  if (at <= 0) return undefined;
  const server = joined.slice(0, at);
  const rest = joined.slice(at + SEPARATOR.length);
  if (joined.length < MAX_NAME_LENGTH) return { server, rest };
  const cut = known(server).find(({ name }) => joinName(server, name) === joined);
  return { server, rest: cut?.name ?? rest };
}

/** `greet+health://status`: still a URI, because a scheme may have a plus. */
export const joinUri = (server: string, uri: string): string => `${server}+${uri}`;

export function partUri(joined: string): Parted | undefined {
  const at = joined.indexOf("+");
  return at <= 0 ? undefined : { server: joined.slice(0, at), rest: joined.slice(at + 1) };
}
