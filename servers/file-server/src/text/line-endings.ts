export const LINE_ENDINGS = ["none", "lf", "crlf", "cr", "mixed"] as const;
export type LineEndings = (typeof LINE_ENDINGS)[number];

/** How the lines of some texts end. A carriage return alone counts, though no line ends there for us. */
export function lineEndingsOf(texts: readonly string[]): LineEndings {
  const kinds = new Set<LineEndings>();
  for (const text of texts) {
    for (const [end] of text.matchAll(/\r\n|\n|\r/g)) kinds.add(KINDS[end] ?? "none");
    if (kinds.size > 1) return "mixed";
  }
  const [kind = "none"] = kinds;
  return kind;
}

const KINDS: Record<string, LineEndings> = { "\r\n": "crlf", "\n": "lf", "\r": "cr" };
