import { SharedError } from "../copy/errors.ts";

const END = "<!-- /generated -->";
const MARKER = /^<!-- (?:generated:([\w-]+)|\/generated) -->[ \t]*$/;

const startOf = (name: string) => `<!-- generated:${name} -->`;

/**
 * Replaces what stands between the markers of each region; the rest keeps every byte. Throws when a
 * region is missing, is there twice, is not known or has no end: a marker with a slip of the pen
 * would otherwise be text that nobody ever updates.
 */
export function fillRegions(text: string, regions: Readonly<Record<string, string>>): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const out: string[] = [];
  const seen = new Set<string>();
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const marker = MARKER.exec(line.replace(/\r$/, ""));
    if (!marker) {
      if (open === undefined) out.push(line);
      continue;
    }
    const [, name] = marker;
    checkMarker(name, open, seen, regions);
    if (name !== undefined) {
      seen.add(name);
      const lines = ["", regions[name] ?? "", ""].join("\n").split("\n");
      out.push(line, ...lines.map((item) => (eol === "\n" ? item : `${item}\r`)));
    } else out.push(line);
    open = name;
  }
  if (open !== undefined) throw new SharedError(`${startOf(open)} has no ${END} after it`);
  const missing = Object.keys(regions).filter((name) => !seen.has(name));
  if (missing.length > 0) throw new SharedError(whatToAdd(missing));
  return out.join("\n");
}

function checkMarker(
  name: string | undefined,
  open: string | undefined,
  seen: ReadonlySet<string>,
  regions: Readonly<Record<string, string>>,
): void {
  if (name === undefined) {
    if (open === undefined) throw new SharedError(`${END} ends nothing`);
    return;
  }
  if (open !== undefined) throw new SharedError(`${startOf(open)} has no ${END} after it`);
  if (seen.has(name)) throw new SharedError(`${startOf(name)} is there twice`);
  if (name in regions) return;
  const known = Object.keys(regions).map(startOf).join(", ");
  throw new SharedError(`${startOf(name)} is not known; there are: ${known}`);
}

function whatToAdd(missing: readonly string[]): string {
  const markers = missing.map((name) => `${startOf(name)}\n${END}`);
  return `add these lines where the tables are to stand:\n${markers.join("\n")}`;
}
