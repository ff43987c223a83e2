import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "../../lib/generate/markdown-table.ts";
import { machine } from "./machine.ts";

export interface Table {
  title: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface Skipped {
  name: string;
  reason: string;
}

export interface Report {
  /** The command's name, and that of the file. */
  name: string;
  /** The server that these are the figures of, which shows them in its README; absent: all of them. */
  server?: string;
  /** What it takes to measure this again. */
  command: string;
  nodes: readonly string[];
  notes: readonly string[];
  skipped: readonly Skipped[];
  tables: readonly Table[];
  /** The figures behind the tables. */
  data: unknown;
}

const folder = join(import.meta.dirname, "..");

/** A number with three digits that matter, "-" where there is none. */
export function figure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "-";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

export const times = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? "-" : `${figure(value)} x`;

/** What is written of a measurement, and read again for the documents. */
export interface Saved extends Report {
  date: string;
  machine: string;
}

export function renderReport(report: Saved): string {
  const facts = [
    `Date: ${report.date.slice(0, 16).replace("T", " ")} UTC`,
    `Command: \`${report.command}\``,
    `Node: ${report.nodes.join(", ")}`,
    `Machine: ${report.machine}`,
    ...report.notes,
  ];
  const tables = report.tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, head, rows }) => `### ${title}\n\n${markdownTable(head, rows)}`);
  const skipped = report.skipped.map(({ name, reason }) => `- ${name}: ${reason}`);
  return [
    `## bench ${report.name}`,
    facts.map((fact) => `- ${fact}`).join("\n"),
    ...tables,
    skipped.length > 0 ? `### Skipped\n\n${skipped.join("\n")}` : "Nothing was skipped.",
  ].join("\n\n");
}

/** Prints the report; writes it as JSON to results/, which git ignores, and to saved/ when it is kept. */
export function publish(report: Report, save: boolean): void {
  const whole: Saved = { date: new Date().toISOString(), machine: machine(), ...report };
  console.log(renderReport(whole));
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  for (const name of save ? ["results", "saved"] : ["results"]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, `${report.name}.json`), text);
    console.error(`wrote   scripts/bench/${name}/${report.name}.json`);
  }
}

/** A line of progress: stderr, so that stdout is the report alone. */
export const say = (line: string): void => console.error(line);
