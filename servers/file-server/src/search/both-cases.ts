/** A text as an expression. */
export const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** Parts of an expression: escapes with what belongs to them, classes, and single characters. */
const PARTS =
  /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|k<[^>]*>|[\s\S])|\(\?<[A-Za-z_]\w*>|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/g;

/**
 * Every letter as a class of both its cases, in classes beside each other: the engine without
 * backtracking knows no flag for it.
 */
export function bothCases(source: string): string {
  return source.replace(PARTS, (part) => {
    if (part.startsWith("[")) return part.replace(IN_CLASS, bothInClass);
    if (part.length > 1) return part;
    const [lower, upper] = casesOf(part);
    return lower === upper ? part : `[${lower}${upper}]`;
  });
}

const IN_CLASS =
  /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|[\s\S])|[a-z]-[a-z]|[A-Z]-[A-Z]|[\s\S]/g;

function bothInClass(part: string): string {
  if (part.startsWith("\\")) return part;
  if (part.length === 3) return part.toLowerCase() + part.toUpperCase();
  const [lower, upper] = casesOf(part);
  return lower === upper ? part : `${lower}${upper}`;
}

/** Only cases of one character each: ß has none. */
function casesOf(character: string): [string, string] {
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
  return lower.length === 1 && upper.length === 1 ? [lower, upper] : [character, character];
}
