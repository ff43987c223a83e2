/** The few things about a Markdown text that a link check needs. */

export interface Link {
  target: string;
  line: number;
}

const blank = (text: string) => text.replace(/[^\n]/g, " ");

/** Blanks fenced code, so that lines keep their numbers. */
function withoutFences(text: string): string {
  let fence: string | undefined;
  const lines = text.split("\n").map((line) => {
    const mark = /^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})(.*)$/.exec(line);
    const [, run = "", rest = ""] = mark ?? [];
    if (fence !== undefined) {
      if (run.startsWith(fence) && rest.trim() === "") fence = undefined;
      return blank(line);
    }
    if (run === "" || (run.startsWith("`") && rest.includes("`"))) return line;
    fence = run;
    return blank(line);
  });
  return lines.join("\n");
}

function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, blank);
}

const linkForms = [
  // The end of [label](target "title"), whatever is in the label: an image, another bracket.
  /\]\(\s*(<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g,
  /^ {0,3}\[(?!\^)[^\]]+\]:\s*(<[^<>\n]*>|\S+)/gm,
  /<[a-z][^<>]*?\s(?:href|src)\s*=\s*"([^"]*)"/gi,
];

/** Every link and image target outside of code and comments. */
export function linksOf(markdown: string): Link[] {
  const text = withoutComments(withoutFences(markdown)).replace(/(`+)[^`][\s\S]*?\1/g, blank);
  const links: Link[] = [];
  for (const form of linkForms) {
    for (const match of text.matchAll(form)) {
      const target = (match[1] ?? "").replace(/^<(.*)>$/, "$1");
      links.push({ target, line: text.slice(0, match.index).split("\n").length });
    }
  }
  return links.sort((a, b) => a.line - b.line);
}

function headingTexts(text: string): string[] {
  const headings: string[] = [];
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const atx = /^ {0,3}#{1,6}(?:\s+(.*?))?(?:\s+#+)?\s*$/.exec(line);
    if (atx) headings.push(atx[1] ?? "");
    else if (
      /^ {0,3}(=+|-{2,})\s*$/.test(line) &&
      /^ {0,3}[^\s|>#=-]/.test(lines[index - 1] ?? "")
    ) {
      headings.push(lines[index - 1] ?? "");
    }
  });
  return headings;
}

/** The anchor GitHub makes of a heading, before it is made unique. */
export function slugOf(heading: string): string {
  return heading
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, "$1")
    .replace(/<[^>]+>/g, "")
    .replace(/(^|\s)(_{1,2})(\S(?:.*?\S)?)\2(?=\s|$)/g, "$1$3")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** Every anchor of a text: headings, the second of a name with -1 and so on, and named elements. */
export function anchorsOf(markdown: string): Set<string> {
  const text = withoutComments(withoutFences(markdown));
  const seen = new Map<string, number>();
  for (const heading of headingTexts(text)) {
    const slug = slugOf(heading);
    let unique = slug;
    let count = seen.get(slug) ?? 0;
    while (seen.has(unique)) {
      count += 1;
      unique = `${slug}-${count}`;
    }
    seen.set(slug, count);
    seen.set(unique, 0);
  }
  const named = [...text.matchAll(/<[a-z][^<>]*?\s(?:id|name)\s*=\s*"([^"]+)"/gi)];
  return new Set([...seen.keys(), ...named.map((match) => match[1] ?? "")]);
}
