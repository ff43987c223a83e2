import { existsSync } from "node:fs";
import { join } from "node:path";
import { isStale } from "../build/stamp.ts";
import { shortName } from "../generate/facts.ts";
import type { Project } from "../projects.ts";
import { messageOf } from "../unknown.ts";
import { type Finding, fault, type Rule, type Skip, warning } from "./finding.ts";
import { importRules } from "./import-rules.ts";
import { packageRules } from "./package-rules.ts";
import { runningRules } from "./running-rules.ts";
import { sourceRules } from "./source-rules.ts";
import { variableRules } from "./variable-rules.ts";

const BUILT = "it is built from what is there";

/** The deployment checklist. */
const checklist: readonly Rule[] = [
  ...packageRules,
  ...sourceRules,
  ...variableRules,
  ...importRules,
  ...runningRules,
];

/** What the checklist has of these words; the build is looked at whatever they are. */
export const rulesWith = (words: string): string[] =>
  [BUILT, ...checklist.map(({ name }) => name)].filter((name) => name.includes(words));

export interface Diagnosis {
  /** Findings that make a deployment fail, or users. */
  faults: number;
  warnings: number;
}

/**
 * Goes through the checklist for one server: a line each, and below it what is wrong and its cure.
 * With `only`, through what has these words in its name.
 */
export async function examine(
  server: Project,
  write: (line: string) => void,
  only = "",
): Promise<Diagnosis> {
  const diagnosis: Diagnosis = { faults: 0, warnings: 0 };
  const tell = (name: string, findings: readonly Finding[]) => {
    const faults = findings.filter(({ severity }) => severity === "fault").length;
    diagnosis.faults += faults;
    diagnosis.warnings += findings.length - faults;
    const state = faults > 0 ? "FAULT  " : findings.length > 0 ? "warning" : "ok     ";
    write(`${state} ${server.name}  ${name}`);
    for (const { message, cure } of findings) write(`        ${message}\n        cure: ${cure}`);
  };
  const build = lookAtBuild(server);
  tell(BUILT, build);
  for (const { name, needsBuild, look } of checklist) {
    if (!name.includes(only)) continue;
    if (needsBuild && build.some(({ severity }) => severity === "fault")) {
      write(`skipped ${server.name}  ${name}: it is not built`);
      continue;
    }
    const found = await lookSafely(look, server);
    if ("skipped" in found) write(`skipped ${server.name}  ${name}: ${found.skipped}`);
    else tell(name, found);
  }
  return diagnosis;
}

function lookAtBuild({ name, dir }: Project): Finding[] {
  const cure = `run pnpm build ${shortName(name)}`;
  const missing = ["server.js", "stdio.cjs"].filter((file) => !existsSync(join(dir, "dist", file)));
  if (missing.length > 0) return [fault(`dist has no ${missing.join(", ")}`, cure)];
  return isStale(dir) ? [warning("dist was built from other sources than those here", cure)] : [];
}

/** A rule that breaks is a finding too: what it looked at is not as it should be. */
async function lookSafely(look: Rule["look"], server: Project): Promise<Finding[] | Skip> {
  try {
    return await look(server);
  } catch (error) {
    return [fault(messageOf(error), "repair what is named; the rule could not be applied")];
  }
}
