import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderReport, type Saved } from "../../bench/lib/report.ts";
import { markdownTable } from "./markdown-table.ts";

/** The order in which figures are shown; others come behind. */
const ORDER = ["start", "http", "gateway", "memory", "budget"];

const placeOf = ({ name }: Saved) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** The figures that `pnpm bench <command> --save` kept; none where nothing was kept. */
export function savedReports(root: string): Saved[] {
  const folder = join(root, "scripts", "bench", "saved");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name): Saved => JSON.parse(readFileSync(join(folder, name), "utf8")))
    .sort((a, b) => placeOf(a) - placeOf(b));
}

/** What a server's own README shows: the figures that are of it alone. */
export function renderServerBench(reports: readonly Saved[], server: string): string | undefined {
  const report = reports.find((one) => one.server === server);
  if (!report) return undefined;
  const [, ...parts] = renderReport(report).split("\n\n");
  return parts.filter((part) => !part.startsWith("### ")).join("\n\n");
}

/** BENCHMARKS.md: every table that was kept. */
export function renderBenchPage(reports: readonly Saved[]): string {
  const head = `# Benchmarks

Written by \`pnpm generate\` from what \`pnpm bench <command> --save\` kept. All servers of a table were measured
side by side in one run; ratios to the floor of that run come first, because absolute figures are those of one machine.
What a run left out stands under its tables. Measured on Linux alone, on one machine, over loopback: nothing here says
how macOS or Windows behave, nor a network.`;
  return `${[head, ...reports.map(renderReport)].join("\n\n")}\n`;
}

/** What the README shows: of each of these figures the first table, in these columns. */
const SUMMARY: Readonly<Record<string, readonly string[]>> = {
  start: ["server", "list, x floor", "first call, x floor", "peak at list, MiB"],
  http: ["server", "CPU at 16, x floor", "CPU at 16, us (least)", "at 16, requests/s"],
};

export function renderBenchSummary(reports: readonly Saved[]): string {
  const parts = reports.flatMap((report) => {
    const columns = SUMMARY[report.name];
    const table = report.tables[0];
    return columns && table ? [summaryOf(report, table, columns)] : [];
  });
  return parts.length > 0 ? parts.join("\n\n") : "Nothing was kept: `pnpm bench start --save`.";
}

function summaryOf(
  { date, machine, nodes, command }: Saved,
  { title, head, rows }: Saved["tables"][number],
  columns: readonly string[],
): string {
  const places = columns.map((column) => head.indexOf(column));
  const cells = rows.map((row) => places.map((place) => row[place] ?? "-"));
  const facts = `${date.slice(0, 10)}, Node ${nodes[0]}, ${machine}, \`${command}\`; medians.`;
  return [`${title}:`, markdownTable(columns, cells), facts].join("\n\n");
}
