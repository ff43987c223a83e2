type Range = readonly [first: string, last: string];

type Token =
  | { kind: "star" }
  | { kind: "any" }
  | { kind: "char"; value: string }
  | { kind: "class"; negated: boolean; ranges: readonly Range[] };

/** The part of a pattern between two slashes, ready to be matched against one name. */
export type Segment = string | Wild;

/** One with wildcards, and the plain texts that it begins and ends with. */
export interface Wild {
  tokens: readonly Token[];
  head: string;
  tail: string;
}

const STAR: Token = { kind: "star" };

/** `*`, `?`, `[a-z]`, `[!a-z]` and `\` before a character that is meant as it is. */
export function compileSegment(text: string): Segment {
  const characters = Array.from(text);
  const tokens: Token[] = [];
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] ?? "";
    const found = character === "[" ? readClass(characters, at + 1) : undefined;
    if (found) {
      tokens.push(found.token);
      at = found.next;
      continue;
    }
    if (character === "\\" && at + 1 < characters.length) at += 1;
    tokens.push(toToken(character, characters[at] ?? ""));
    at += 1;
  }
  return simplify(tokens);
}

function toToken(character: string, value: string): Token {
  if (character === "*") return STAR;
  return character === "?" ? { kind: "any" } : { kind: "char", value };
}

/** A name without wildcards is compared as text; a row of stars says no more than one. */
function simplify(tokens: readonly Token[]): Segment {
  const shorter = tokens.filter((token, index) => token !== STAR || tokens[index - 1] !== STAR);
  const literals = shorter.flatMap((token) => (token.kind === "char" ? [token.value] : []));
  if (literals.length === shorter.length) return literals.join("");
  return { tokens: shorter, head: textOf(shorter), tail: textOf([...shorter].reverse(), true) };
}

/** The characters up to the first wildcard. */
function textOf(tokens: readonly Token[], isReversed = false): string {
  const end = tokens.findIndex(({ kind }) => kind !== "char");
  const characters = tokens
    .slice(0, end)
    .map((token) => (token.kind === "char" ? token.value : ""));
  return (isReversed ? characters.reverse() : characters).join("");
}

/** The class that begins after a `[`; without a closing bracket the `[` is a plain character. */
function readClass(
  characters: readonly string[],
  start: number,
): { token: Token; next: number } | undefined {
  const negated = characters[start] === "!" || characters[start] === "^";
  const first = negated ? start + 1 : start;
  const end = characters.indexOf("]", first + 1); // a bracket that comes first is a member
  if (end === -1) return undefined;
  const ranges: Range[] = [];
  let at = first;
  while (at < end) {
    const from = characters[at] ?? "";
    const isRange = characters[at + 1] === "-" && at + 2 < end;
    ranges.push([from, isRange ? (characters[at + 2] ?? "") : from]);
    at += isRange ? 3 : 1;
  }
  return { token: { kind: "class", negated, ranges }, next: end + 1 };
}

const inRange = (character: string, [first, last]: Range) =>
  codePoint(first) <= codePoint(character) && codePoint(character) <= codePoint(last);

const codePoint = (character: string) => character.codePointAt(0) ?? 0;

function matchesOne(token: Token | undefined, character: string): boolean {
  if (token?.kind === "any") return true;
  if (token?.kind === "char") return token.value === character;
  if (token?.kind !== "class") return false;
  return token.ranges.some((range) => inRange(character, range)) !== token.negated;
}

/**
 * Whether a name, in code points, fits. Two pointers: on a mismatch only the last star takes one
 * character more, so the work is at most name times pattern, never exponential.
 */
export function matchSegment({ tokens }: Wild, characters: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < characters.length) {
    if (tokens[token] === STAR) {
      star = token;
      resume = at;
      token += 1;
    } else if (matchesOne(tokens[token], characters[at] ?? "")) {
      token += 1;
      at += 1;
    } else if (star !== -1) {
      resume += 1;
      at = resume;
      token = star + 1;
    } else return false;
  }
  while (tokens[token] === STAR) token += 1;
  return token === tokens.length;
}
