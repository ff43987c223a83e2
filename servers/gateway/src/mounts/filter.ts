import type { ToolFilter } from "../settings/spec.ts";

/** Whether a name is meant by one of the patterns, in which `*` stands for any text. */
export function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesOne(name, pattern.split("*")));
}

/** Without a regular expression: patterns come from a file, and none of them should be slow. */
function matchesOne(name: string, parts: readonly string[]): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** Whether a filter lets a name through. */
export const isAllowed = (name: string, { allow, deny }: ToolFilter): boolean =>
  (allow === undefined || matches(name, allow)) && !matches(name, deny);
