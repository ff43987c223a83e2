import { setFlagsFromString } from "node:v8";
import type { PgQuery } from "libpg-query/wasm/libpg-query.js";

/** What PostgreSQL's own parser says of a text that is no SQL. */
export class SyntaxFault extends Error {}

let loading: Promise<PgQuery> | undefined;

/**
 * The parser is 1 MB of wasm: loaded by the first statement. It stays as it is first compiled: after
 * some hundred statements V8 would compile it again, with 600 MB for a moment (Node 24), and it would
 * not be faster by it. The flag is the process's: other wasm that is loaded later stays so, too.
 */
function loadParser(): Promise<PgQuery> {
  if (loading !== undefined) return loading;
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  loading = import("libpg-query/wasm/libpg-query.js").then(({ default: load }) => load());
  return loading;
}

/**
 * The syntax tree of a text, as the parser's JSON. A text that is nested too deeply overflows the
 * stack, and leaves the instance it ran in without the part of the stack that it took: the next
 * text gets a new instance. (The package's own entry has one for ever, which such texts use up.)
 */
export async function parseTree(sql: string): Promise<unknown> {
  const parser = await loadParser();
  try {
    return parseWith(parser, sql);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) loading = undefined;
    throw error instanceof SyntaxFault ? error : new SyntaxFault("it is nested too deeply");
  }
}

/** Offsets in PgQueryParseResult and PgQueryError: pointers of four bytes each. */
const ERROR_AT = 8;

function parseWith(parser: PgQuery, sql: string): unknown {
  const bytes = parser.lengthBytesUTF8(sql) + 1;
  const text = parser._malloc(bytes);
  parser.stringToUTF8(sql, text, bytes);
  const result = parser._wasm_parse_query_raw(text);
  try {
    const fault = parser.getValue(result + ERROR_AT, "i32");
    if (fault !== 0) throw new SyntaxFault(parser.UTF8ToString(parser.getValue(fault, "i32")));
    return JSON.parse(parser.UTF8ToString(parser.getValue(result, "i32")));
  } finally {
    parser._wasm_free_parse_result(result);
    parser._free(text);
  }
}
