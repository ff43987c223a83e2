import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import type { Project } from "../projects.ts";
import { messageOf } from "../unknown.ts";
import type { ServerFacts } from "./facts.ts";
import { loadFacts } from "./load-facts.ts";
import { leftovers, type Output, rootOutputs, serverOutputs } from "./outputs.ts";

export interface GenerateOptions {
  root: string;
  /** Every server of the repository: the root's README names them all. */
  servers: readonly Project[];
  /** Those whose files are written. */
  chosen: readonly Project[];
  /** Writes nothing; what would change is a failure. */
  check: boolean;
  write: (line: string) => void;
}

/** Writes what follows from the servers' definitions; true when nothing is wrong or, checked, stale. */
export async function generate(options: GenerateOptions): Promise<boolean> {
  const { root, servers, chosen, write } = options;
  const all: ServerFacts[] = [];
  let right = true;
  for (const project of servers) {
    try {
      const facts = await loadFacts(project);
      all.push(facts);
      if (!chosen.includes(project)) continue;
      const outputs = serverOutputs(project.dir, facts);
      right = drop(leftovers(project.dir, outputs), options) && right;
      right = settle(project.name, outputs, options) && right;
    } catch (error) {
      if (chosen.includes(project)) write(`FAILED  ${project.name}  ${messageOf(error)}`);
      right = right && !chosen.includes(project);
    }
  }
  // with a server missing the table would lose its line
  if (all.length < servers.length) return right;
  try {
    return settle("the root", rootOutputs(root, all), options) && right;
  } catch (error) {
    write(`FAILED  ${messageOf(error)}`);
    return false;
  }
}

/** Writes, or with `check` names, each file that is not as it should be. */
function settle(name: string, outputs: readonly Output[], options: GenerateOptions): boolean {
  const { root, check, write } = options;
  const stale = outputs.filter(({ file, text }) => readText(file) !== text);
  for (const { file, text } of stale) {
    if (!check) writeFile(file, text);
    const path = relative(root, file).split(sep).join("/");
    write(check ? `STALE   ${path}: run pnpm generate` : `written ${path}`);
  }
  if (stale.length === 0 && outputs.length > 0) write(`current ${name}`);
  return !check || stale.length === 0;
}

/** Removes, or with `check` names, what is written no more. */
function drop(files: readonly string[], { root, check, write }: GenerateOptions): boolean {
  for (const file of files) {
    if (!check) rmSync(file);
    const path = relative(root, file).split(sep).join("/");
    write(check ? `STALE   ${path}: run pnpm generate` : `removed ${path}`);
  }
  return !check || files.length === 0;
}

function writeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const readText = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
