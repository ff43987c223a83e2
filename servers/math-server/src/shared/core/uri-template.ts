// Copied from shared/core/uri-template.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** Reads the variables of a URI; undefined when it does not match. */
export type UriMatcher = (uri: string) => Record<string, string> | undefined;

/** Longest URI that is matched; longer ones match nothing. */
export const MAX_URI_LENGTH = 8192;

const VARIABLE = /\{(\+?)([A-Za-z_][A-Za-z0-9_]*)\}/g;
const escapeRegExp = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/**
 * Matches RFC 6570 templates of level 1, `{name}` (no slash), and one `{+name}` (anything). Throws a
 * TypeError on others: two `{+name}` could make a match take quadratic time.
 */
export function uriMatcher(template: string): UriMatcher {
  const names: string[] = [];
  let pattern = "";
  let end = 0;
  let greedy = 0;
  for (const match of template.matchAll(VARIABLE)) {
    const [whole, plus, name = ""] = match;
    pattern += `${escapeRegExp(template.slice(end, match.index))}${plus ? "(.+)" : "([^/?#]+)"}`;
    names.push(name);
    greedy += plus ? 1 : 0;
    end = match.index + whole.length;
  }
  const rest = template.slice(end);
  if (greedy > 1 || /[{}]/.test(template.replaceAll(VARIABLE, ""))) {
    throw new TypeError(
      `${template} is not a URI template that can be matched: use {name}, and {+name} once`,
    );
  }
  const expression = new RegExp(`^${pattern}${escapeRegExp(rest)}$`, "s");
  return (uri) => {
    const match = uri.length <= MAX_URI_LENGTH ? expression.exec(uri) : null;
    return match ? decodeAll(names, match.slice(1)) : undefined;
  };
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
