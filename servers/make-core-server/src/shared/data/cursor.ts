// Copied from shared/data/cursor.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { createHash } from "node:crypto";
import { ToolError } from "#shared/core/errors.ts";

/** Raised when the meaning of a cursor changes; older ones are then refused. */
export const CURSOR_VERSION = 1;
/** The longest cursor, characters. */
export const MAX_CURSOR_CHARS = 2_048;
/** 96 bits: enough that two queries do not meet by chance; a cursor is no secret and proves nothing. */
const FINGERPRINT_CHARS = 16;

/** What a cursor belongs to. */
export interface CursorScope {
  /** The listing, for example the tool's name. */
  kind: string;
  /** Whatever selects and orders it, as plain JSON: filters, sorting, the account. Not the page size. */
  query: unknown;
}

/** Anything that turns unknown data into a T or throws; a zod schema is one. */
export interface PositionParser<T> {
  parse(value: unknown): T;
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fingerprint({ kind, query }: CursorScope): string {
  const text = JSON.stringify([CURSOR_VERSION, kind, query], inKeyOrder);
  return createHash("sha256").update(text).digest("base64url").slice(0, FINGERPRINT_CHARS);
}

function refusal(reason: "malformed" | "version" | "kind" | "query" | "position"): ToolError {
  const why = {
    malformed: "The cursor is damaged.",
    version: "The cursor is from another version of this server.",
    kind: "The cursor is from another listing.",
    query: "The cursor is from a query with other arguments.",
    position: "The cursor points to no place in this listing.",
  }[reason];
  return new ToolError("VALIDATION_ERROR", `${why} Start again without cursor.`, {
    details: { reason },
  });
}

/**
 * An opaque cursor that leads back to `position` (plain JSON) in this listing and no other.
 * Anyone can read and forge one: put no secret into it, and check the position when it comes back.
 * Errors: RangeError when it would be longer than MAX_CURSOR_CHARS.
 */
export function encodeCursor(scope: CursorScope, position: unknown): string {
  const content = JSON.stringify([CURSOR_VERSION, scope.kind, fingerprint(scope), position]);
  const cursor = Buffer.from(content).toString("base64url");
  if (cursor.length > MAX_CURSOR_CHARS) {
    throw new RangeError(
      `A cursor of ${cursor.length} characters: its position or kind is too long.`,
    );
  }
  return cursor;
}

function open(cursor: string): unknown[] {
  if (cursor.length > MAX_CURSOR_CHARS || !/^[\w-]+$/.test(cursor)) throw refusal("malformed");
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(content)) return content;
  } catch {}
  throw refusal("malformed");
}

/**
 * The position in a cursor of encodeCursor, checked by `parser`.
 * Errors: VALIDATION_ERROR for every other string, with details.reason (malformed, version, kind,
 * query, position), telling the caller to start again without cursor.
 */
export function decodeCursor<T>(cursor: string, scope: CursorScope, parser: PositionParser<T>): T {
  const [version, kind, print, position, ...rest] = open(cursor);
  if (version !== CURSOR_VERSION)
    throw refusal(Number.isInteger(version) ? "version" : "malformed");
  if (rest.length > 0) throw refusal("malformed");
  if (kind !== scope.kind) throw refusal("kind");
  if (print !== fingerprint(scope)) throw refusal("query");
  try {
    return parser.parse(position);
  } catch {
    throw refusal("position");
  }
}
