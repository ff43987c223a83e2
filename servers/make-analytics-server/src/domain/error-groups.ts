import type { Run } from "./runs.ts";
import { ERROR } from "./runs.ts";

export interface ErrorGroup extends Record<string, unknown> {
  name: string;
  /** Without numbers, ids, quoted text and addresses, so that the same fault is the same text. */
  message: string;
  example: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
  scenarios: { id: number; count: number }[];
  newest: { scenarioId: number; executionId: string };
}

/** In this order: an address holds ids, an id holds numbers. */
const PARTS: readonly [RegExp, string][] = [
  [/\bhttps?:\/\/[^\s"'<>)]+/gi, "<url>"],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "<email>"],
  [/"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”/g, "<text>"],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "<id>"],
  [/\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{8,}\b/gi, "<id>"],
  [/\d+(?:[.,]\d+)*/g, "<n>"],
];

export function normalizeMessage(message: string): string {
  return PARTS.reduce((text, [pattern, word]) => text.replace(pattern, word), message)
    .replace(/\s+/g, " ")
    .trim();
}

/** The failed runs of scenarios, grouped by name and message; the group with most runs first. */
export function groupErrors(all: readonly { scenarioId: number; runs: readonly Run[] }[]) {
  const groups = new Map<string, ErrorGroup>();
  const failed = all
    .flatMap(({ scenarioId, runs }) =>
      runs.filter(({ status }) => status === ERROR).map((run) => ({ scenarioId, run })),
    )
    .sort((a, b) => b.run.at - a.run.at);
  for (const { scenarioId, run } of failed) {
    const { error, timestamp, id } = run.row;
    const name = error?.name ?? "Error";
    const example = error?.message ?? "(Make gave no message)";
    const message = normalizeMessage(example);
    const key = JSON.stringify([name, message]);
    const group = groups.get(key) ?? {
      name,
      message,
      example,
      count: 0,
      firstSeen: timestamp,
      lastSeen: timestamp,
      scenarios: [],
      newest: { scenarioId, executionId: id },
    };
    group.count += 1;
    group.firstSeen = timestamp;
    const hit = group.scenarios.find((each) => each.id === scenarioId);
    if (hit) hit.count += 1;
    else group.scenarios.push({ id: scenarioId, count: 1 });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
