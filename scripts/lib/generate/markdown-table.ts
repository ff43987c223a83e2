/** Text as one cell holds it. */
const cell = (text: string) =>
  text
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();

export const code = (text: string): string => `\`${text}\``;

/**
 * A Markdown table. Its columns are not aligned, so that a changed row is a changed line and no more;
 * a column without any text below its head is left out.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = rows.map((row) => head.map((_, index) => cell(row[index] ?? "")));
  const kept = head.map((_, index) => cells.some((row) => row[index] !== ""));
  const line = (row: readonly string[]) =>
    `| ${row.filter((_, index) => kept[index]).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...cells.map(line)].join("\n");
}
