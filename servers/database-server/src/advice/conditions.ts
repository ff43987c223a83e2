/** What begins and ends the part of a query whose columns an index helps with. */
const BEGINS = /\b(where|on|using|having|group\s+by|order\s+by)\b/gi;
const ENDS = /\b(select|from|limit|union|join)\b/i;
const STRINGS = /'(?:[^']|'')*'/g;
/** A column that is compared for equality comes before those of ranges and orders. */
const EQUAL = /([\p{L}_][\p{L}\p{N}_$]*)["`\]]?\s*(?:=|\bin\b)/giu;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/gu;

/** The words in the conditions and orders of a query, in lower case, those of equalities first. */
export function conditionWords(sql: string): string[] {
  const parts = sql.replaceAll(STRINGS, "''").split(BEGINS);
  const conditions = parts
    .filter((_, index) => index > 0 && index % 2 === 0)
    .map((part) => part.split(ENDS)[0] ?? "")
    .join(" ");
  const equal = [...conditions.matchAll(EQUAL)].map(([, name = ""]) => name);
  const others = conditions.match(WORD) ?? [];
  return [...new Set([...equal, ...others].map((word) => word.toLowerCase()))];
}
