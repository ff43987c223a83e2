/** Text as one cell holds it. */
const cell = (text: string) =>
  text
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();

export const code = (text: string): string => `\`${text}\``;

/**
 * A Markdown table, its columns aligned as the formatter of the repository does it; a column without
 * any text below its head is left out.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const columns = head
    .map((title, index) => [title, ...rows.map((row) => cell(row[index] ?? ""))])
    .filter(([, ...below]) => below.some((text) => text !== ""))
    .map(alignColumn);
  const lines = Array.from({ length: rows.length + 2 }, (_, line) => {
    return `| ${columns.map((column) => column[line]).join(" | ")} |`;
  });
  return lines.join("\n");
}

const MIN_WIDTH = 3;

/** The cells of one column with the rule below the first, all of one width. */
function alignColumn([title = "", ...below]: readonly string[]): string[] {
  const width = Math.max(MIN_WIDTH, ...[title, ...below].map((text) => [...text].length));
  const pad = (text: string) => text + " ".repeat(width - [...text].length);
  return [pad(title), "-".repeat(width), ...below.map(pad)];
}
