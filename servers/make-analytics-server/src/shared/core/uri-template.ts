// Copied from shared/core/uri-template.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** Reads the variables of a URI; undefined when it does not match. */
export type UriMatcher = (uri: string) => Record<string, string> | undefined;

/** Longest URI that is matched; longer ones match nothing. */
export const MAX_URI_LENGTH = 8192;

const VARIABLE = /\{(\+?)([A-Za-z_][A-Za-z0-9_]*)\}/g;
const escapeRegExp = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** Ends a simple variable, so a match looks at no character of one twice. */
const SEPARATOR = /[/?#]/;

interface Part {
  name: string;
  greedy: boolean;
  /** The text after the variable. */
  literal: string;
  /** A character that the value cannot hold, beside the separators. */
  without: string;
}

/**
 * Matches RFC 6570 templates of level 1, `{name}` (no slash), and one `{+name}` (anything). Of two
 * variables in one segment, as in `{lat},{lon}`, the simple one does not hold the character that
 * parts them. Throws a TypeError on others: their match could take more than linear time.
 */
export function uriMatcher(template: string): UriMatcher {
  const [prefix = "", ...rest] = template.split(VARIABLE);
  const parts = partsOf(rest);
  const stray = [prefix, ...parts.map(({ literal }) => literal)].some((text) => /[{}]/.test(text));
  if (stray || parts.filter(({ greedy }) => greedy).length > 1 || !separate(parts)) {
    throw new TypeError(
      `${template} is not a URI template that can be matched: use {name}, and {+name} once, with text between`,
    );
  }
  const pattern = parts.map(({ greedy, without, literal }) => {
    const value = greedy ? "(.+)" : `([^/?#${escapeRegExp(without)}]+)`;
    return value + escapeRegExp(literal);
  });
  const expression = new RegExp(`^${escapeRegExp(prefix)}${pattern.join("")}$`, "s");
  const names = parts.map(({ name }) => name);
  return (uri) => {
    const match = uri.length <= MAX_URI_LENGTH ? expression.exec(uri) : null;
    return match ? decodeAll(names, match.slice(1)) : undefined;
  };
}

/** `split` gives, for each variable, its plus, its name and the text that follows. */
function partsOf(split: readonly string[]): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < split.length; at += 3) {
    const [plus, name = "", literal = ""] = split.slice(at, at + 3);
    parts.push({ name, greedy: plus === "+", literal, without: "" });
  }
  return parts;
}

/** Says of neighbours in one segment which character parts them; false when none does. */
function separate(parts: readonly Part[]): boolean {
  return parts.every((part, index) => {
    const next = parts[index + 1];
    if (!next || SEPARATOR.test(part.literal)) return true;
    if (part.greedy) next.without = part.literal.slice(-1);
    else part.without = part.literal.slice(0, 1);
    return part.literal !== "";
  });
}

function decodeAll(
  names: readonly string[],
  values: readonly string[],
): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      names.map((name, index) => [name, decodeURIComponent(values[index] ?? "")]),
    );
  } catch {
    return undefined; // a stray % is no URI
  }
}
