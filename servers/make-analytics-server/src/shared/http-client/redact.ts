// Copied from shared/http-client/redact.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** What stands where a secret was. */
export const REDACTED = "[redacted]";
/** Details are copied this many levels deep; what lies deeper is dropped. */
export const MAX_DETAIL_DEPTH = 6;
/** JSON inside JSON inside JSON puts this many backslashes before a quote. */
const MAX_BACKSLASHES = 7;

const SECRET_HEADER =
  /^(proxy-)?authorization$|^(set-)?cookie2?$|key|token|secret|password|signature|credential/i;
const SECRET_QUERY = /key|token|secret|password|passwd|signature|credential|appid|^auth|^sig$/i;
const QUERY_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*)\?[^\s"'<>]*/gi;
const USER_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>]+@/gi;

export interface Redactor {
  text(value: string): string;
  /** A copy as plain JSON, with every string redacted, keys included. */
  details(value: Record<string, unknown>): Record<string, unknown>;
}

/** Everything that quoting may make of one character: percent encoding, JSON escapes, either of them twice. */
function anyForm(character: string): string {
  const percent = [...Buffer.from(character)].map((byte) => `%(?:25)*${hexOf(byte, 2)}`).join("");
  const unicode = [...character.matchAll(/[\s\S]/g)]
    .map(([unit]) => `\\\\u${hexOf(unit.charCodeAt(0), 4)}`)
    .join("");
  const plain = [
    character,
    JSON.stringify(character).slice(1, -1),
    character === " " ? "+" : character,
  ];
  const escaped = plain.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return `\\\\{0,${MAX_BACKSLASHES}}(?:${[...new Set(escaped), percent, unicode].join("|")})`;
}

function hexOf(value: number, digits: number): string {
  const hex = value.toString(16).padStart(digits, "0");
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** Longest first, so that a secret that holds another goes as a whole. */
function patternOf(secrets: readonly string[]): RegExp | undefined {
  const distinct = [...new Set(secrets)].filter(Boolean).sort((a, b) => b.length - a.length);
  if (distinct.length === 0) return undefined;
  return new RegExp(distinct.map((secret) => [...secret].map(anyForm).join("")).join("|"), "g");
}

function copy(value: unknown, text: (value: string) => string, depth: number): unknown {
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" || typeof value === "bigint") {
    const digits = String(value);
    return typeof value === "number" && text(digits) === digits ? value : text(digits);
  }
  if (typeof value !== "object" || depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((item) => copy(item, text, depth - 1) ?? null);
  return copyObject(value, text, depth);
}

function copyObject(
  value: object,
  text: (value: string) => string,
  depth: number,
): Record<string, unknown> {
  const entries = Object.entries(value).map(
    ([key, item]) => [text(key), copy(item, text, depth - 1)] as const,
  );
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/**
 * Takes secrets, user names in URLs and the query of every URL out of text that reaches the caller.
 * `list` is asked once, at the first use: a call that succeeds pays nothing.
 */
export function createRedactor(list: () => readonly string[]): Redactor {
  let pattern: RegExp | undefined | null = null;
  function text(value: string): string {
    if (pattern === null) pattern = patternOf(list());
    const clean = pattern === undefined ? value : value.replace(pattern, REDACTED);
    return clean.replace(USER_IN_URL, `$1${REDACTED}@`).replace(QUERY_IN_URL, `$1?${REDACTED}`);
  }
  return { text, details: (value) => copyObject(value, text, MAX_DETAIL_DEPTH) };
}

/** The values in a request that are secret by the name they go under. An authorization counts without its scheme too. */
export function secretsOf(
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): string[] {
  const inHeaders = Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .flatMap(([, value]) => [value, value.slice(value.indexOf(" ") + 1)]);
  const inQuery = [...query].filter(([name]) => SECRET_QUERY.test(name)).map(([, value]) => value);
  return [...inHeaders, ...inQuery];
}
