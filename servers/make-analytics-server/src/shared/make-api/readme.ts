// Copied from shared/make-api/readme.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { scopesOf } from "./call.ts";
import { type Categories, GRADES } from "./category.ts";
import type { MakeTool } from "./tool.ts";

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const code = (text: string): string => `\`${text}\``;

/** What of each category is real, computed, substituted or missing. */
export function renderHonesty(categories: Categories): string {
  const rows = Object.entries(categories).map(([name, { grade, instead, missing }]) => [
    code(name),
    GRADES[grade],
    instead ?? "Make's endpoints as they are",
    missing ?? "",
  ]);
  return table(
    ["Toolset", "Where it comes from", "What is here", "What Make has no API for"],
    rows,
  );
}

/** What each tool asks of Make, and of the token. */
export function renderSources(tools: readonly MakeTool[]): string {
  const rows = tools.map((tool) => [
    code(tool.name),
    tool.make.sources.join(", "),
    tool.make.calls.map(code).join("<br>"),
    scopesOf(tool.make.calls).map(code).join(", "),
  ]);
  return table(["Tool", "Source", "Endpoints it may call", "Scopes"], rows);
}
