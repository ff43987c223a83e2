export const LINE_ENDINGS = ["none", "lf", "crlf", "cr", "mixed"] as const;
export type LineEndings = (typeof LINE_ENDINGS)[number];

/** How the lines of some texts end. A carriage return alone counts, though no line ends there for us. */
export function lineEndingsOf(texts: readonly string[]): LineEndings {
  const kinds = new Set<LineEndings>();
  for (const text of texts) {
    // nearly all texts, and one look by the engine instead of one for every line
    if (!text.includes("\r")) {
      if (text.includes("\n")) kinds.add("lf");
      continue;
    }
    for (const [end] of text.matchAll(/\r\n|\n|\r/g)) kinds.add(KINDS[end] ?? "none");
  }
  const [kind = "none"] = kinds;
  return kinds.size > 1 ? "mixed" : kind;
}

const KINDS: Record<string, LineEndings> = { "\r\n": "crlf", "\n": "lf", "\r": "cr" };
