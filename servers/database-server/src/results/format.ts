import type { Cell } from "../engine/cells.ts";
import type { Table } from "../engine/types.ts";

export const FORMATS = ["rows", "csv", "jsonl", "markdown"] as const;
export type Format = (typeof FORMATS)[number];

/** The rows of a page as arrays, or as one text. */
export function formatTable(table: Table, format: Format): { rows: Cell[][] } | { text: string } {
  switch (format) {
    case "rows":
      return { rows: table.rows };
    case "csv":
      return { text: [names(table), ...table.rows].map(csvLine).join("\n") };
    case "jsonl":
      return { text: table.rows.map((row) => JSON.stringify(row)).join("\n") };
    case "markdown": {
      const head = names(table);
      return { text: [head, head.map(() => "---"), ...table.rows].map(markdownLine).join("\n") };
    }
  }
}

const names = ({ columns }: Table) => columns.map(({ name }) => name);

const plain = (cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell !== "object") return String(cell);
  return "text" in cell
    ? `${cell.text}… (${cell.characters} characters)`
    : `blob of ${cell.bytes} bytes`;
};

/** RFC 4180. A cell that a spreadsheet would read as a formula keeps its text: a reader of data decides. */
const csvLine = (row: readonly Cell[]) =>
  row
    .map(plain)
    .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(",");

const markdownLine = (row: readonly Cell[]) =>
  `| ${row.map((cell) => plain(cell).replaceAll("|", "\\|").replaceAll(/\r?\n/g, " ")).join(" | ")} |`;
