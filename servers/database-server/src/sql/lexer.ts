/** What a character of SQL belongs to. Strings and comments are told apart, nothing else is understood. */
export interface Token {
  kind: "word" | "quoted" | "string" | "number" | "symbol" | "parameter";
  /** A word in lower case, a quoted identifier without its quotes, a symbol as it stands. */
  text: string;
  start: number;
  end: number;
  /** Parentheses that are open around it. */
  depth: number;
}

/** How a dialect writes what is not plain. */
export interface Lexis {
  /** Opening and closing quote of identifiers. */
  identifiers: Readonly<Record<string, string>>;
  strings: readonly string[];
  /** Called for text that this server does not let through at all; it throws. */
  refuse(what: Oddity): never;
}

export type Oddity =
  | "unterminated"
  | "executable comment"
  | "optimizer hint"
  | "hash"
  | "dash"
  | "backslash"
  | "null character"
  | "number in a name";

interface Scanner {
  readonly sql: string;
  readonly lexis: Lexis;
  readonly mysql: boolean;
  at: number;
  depth: number;
}

/** Engines know the blanks of ASCII only: what lies beyond is a letter to them, a blank of Unicode too. */
const BLANK = /[ \t\n\v\f\r]/;
const WORD_START = /[A-Za-z_$\u{80}-\u{10ffff}]/u;
const WORD = /[\w$\u{80}-\u{10ffff}]+/uy;
const NAME_CHARACTER = /[\w$`"\]\u{80}-\u{10ffff}]/u;
const NUMBER = /(?:0x[0-9a-f]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy;

/** Cuts a statement into tokens; comments and white space are left out. */
export function tokenize(sql: string, lexis: Lexis, mysql: boolean): Token[] {
  const scanner: Scanner = { sql, lexis, mysql, at: 0, depth: 0 };
  const tokens: Token[] = [];
  if (sql.includes("\0")) lexis.refuse("null character");
  while (scanner.at < sql.length) {
    if (skipBlank(scanner) || skipComment(scanner)) continue;
    tokens.push(nextToken(scanner));
  }
  return tokens;
}

function skipBlank(scanner: Scanner): boolean {
  if (!BLANK.test(scanner.sql.charAt(scanner.at))) return false;
  scanner.at += 1;
  return true;
}

function skipComment(scanner: Scanner): boolean {
  const { sql, at, lexis, mysql } = scanner;
  if (sql.startsWith("--", at)) {
    // MySQL wants a blank after the dashes and reads two minus signs otherwise: nobody needs that
    if (mysql && at + 2 < sql.length && !BLANK.test(sql.charAt(at + 2))) lexis.refuse("dash");
    const end = sql.indexOf("\n", at);
    scanner.at = end === -1 ? sql.length : end + 1;
    return true;
  }
  if (mysql && sql.charAt(at) === "#") lexis.refuse("hash");
  if (!sql.startsWith("/*", at)) return false;
  if (mysql && /^\/\*(!|M!)/i.test(sql.slice(at, at + 4))) lexis.refuse("executable comment");
  if (mysql && sql.charAt(at + 2) === "+") lexis.refuse("optimizer hint");
  const end = sql.indexOf("*/", at + 2);
  if (end === -1) lexis.refuse("unterminated");
  // SQLite and MySQL do not nest comments; one that looks nested is read differently by MariaDB
  if (mysql && sql.slice(at + 2, end).includes("/*")) lexis.refuse("executable comment");
  scanner.at = end + 2;
  return true;
}

function nextToken(scanner: Scanner): Token {
  const { sql, at, lexis } = scanner;
  const char = sql.charAt(at);
  const closing = lexis.identifiers[char];
  if (closing !== undefined) return quoted(scanner, "quoted", closing);
  if (lexis.strings.includes(char)) return quoted(scanner, "string", char);
  if (WORD_START.test(String.fromCodePoint(sql.codePointAt(at) ?? 0))) return run(scanner, "word");
  if (/[0-9]/.test(char) || (char === "." && /[0-9]/.test(sql.charAt(at + 1))))
    return number(scanner);
  return symbol(scanner, char);
}

function run(scanner: Scanner, kind: "word" | "number"): Token {
  const pattern = kind === "word" ? WORD : NUMBER;
  pattern.lastIndex = scanner.at;
  const [text = scanner.sql.charAt(scanner.at)] = pattern.exec(scanner.sql) ?? [];
  const start = scanner.at;
  scanner.at += text.length;
  return { kind, text: text.toLowerCase(), start, end: scanner.at, depth: scanner.depth };
}

/** What engines take for a number, a name, or one after the other: `2fa`, `1_0`, `schema.2020`. */
function number(scanner: Scanner): Token {
  const token = run(scanner, "number");
  const { sql, at, lexis } = scanner;
  const before = token.text.startsWith(".") ? sql.charAt(token.start - 1) : "";
  if (NAME_CHARACTER.test(before) || NAME_CHARACTER.test(sql.charAt(at)))
    lexis.refuse("number in a name");
  return token;
}

function quoted(scanner: Scanner, kind: "quoted" | "string", closing: string): Token {
  const { sql, at: start, lexis, mysql } = scanner;
  let text = "";
  for (let at = start + 1; at < sql.length; at += 1) {
    const char = sql.charAt(at);
    if (char === "\\" && mysql && kind === "string") lexis.refuse("backslash");
    if (char !== closing) {
      text += char;
      continue;
    }
    if (sql.charAt(at + 1) === closing && closing !== "]") {
      text += char;
      at += 1;
      continue;
    }
    scanner.at = at + 1;
    return { kind, text, start, end: at + 1, depth: scanner.depth };
  }
  return lexis.refuse("unterminated");
}

function symbol(scanner: Scanner, char: string): Token {
  const start = scanner.at;
  const long = scanner.sql.startsWith(":=", start) ? ":=" : char;
  if (char === ")") scanner.depth -= 1;
  const kind = char === "?" ? "parameter" : "symbol";
  const token: Token = { kind, text: long, start, end: start + long.length, depth: scanner.depth };
  if (char === "(") scanner.depth += 1;
  scanner.at += long.length;
  return token;
}

/** The statements between semicolons, empty ones left out. */
export function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "symbol" && token.text === ";") statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** The text of a statement without its comments: what was not read here reaches no engine. */
export function textOf(sql: string, tokens: readonly Token[]): string {
  let text = "";
  let end = tokens[0]?.start ?? 0;
  for (const token of tokens) {
    const gap = sql.slice(end, token.start);
    // without a dash or a slash, it is blanks alone
    text += (/[-/]/.test(gap) ? " " : gap) + sql.slice(token.start, token.end);
    end = token.end;
  }
  return text;
}
