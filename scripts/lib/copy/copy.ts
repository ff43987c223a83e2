import { applyStep } from "./apply.ts";
import { openScratch, type Scratch } from "./files.ts";
import { type Git, openGit } from "./git.ts";
import { listModules, type SourceFile } from "./modules.ts";
import { alignPackages, type PackageDifference } from "./packages.ts";
import { pairRenames } from "./rename.ts";
import { type Finding, orFinding, type Report } from "./report.ts";
import { pickServers, type Server } from "./servers.ts";
import type { Step } from "./state.ts";
import { inTurn } from "./turn.ts";
import { type View, viewServer } from "./view.ts";
import { problemWith } from "./words.ts";
import type { Work } from "./write.ts";

export interface CopyOptions {
  readonly root: string;
  /** Folder names below servers/; all of them when left out. */
  readonly servers?: readonly string[];
  /** Only compare; nothing is written. */
  readonly check?: boolean;
}

/** Brings the copies of shared code up to date, or with `check` reports what is not. */
export async function copyShared({ root, servers = [], check = false }: CopyOptions) {
  const all = (): Report => {
    const modules = listModules(root);
    const git = openGit(root);
    const files = new Map<string, number>();
    const findings = pickServers(root, servers).flatMap((server) =>
      orFinding(server.name, "", () => {
        files.set(server.name, 0);
        const view = viewServer(server, modules);
        files.set(server.name, view.files.size);
        return check ? checkServer(view, git) : copyServer(view, git);
      }),
    );
    return { failed: findings.some(({ failed }) => failed), findings, files };
  };
  return check ? all() : inTurn(root, all);
}

function checkServer({ server, steps, packages }: View, git: Git): Finding[] {
  const paired = pairRenames(steps, (blob) => git.blob(blob, false));
  const problems = paired.flatMap((step): Finding[] => {
    const message = problemWith(step, server.name);
    const { path, kind } = step;
    return message ? [{ server: server.name, path, kind, failed: true, message }] : [];
  });
  const differences = packages.map((difference) => ({
    ...packageFinding(server, difference),
    failed: true,
    message: `${packageWords(difference)}: run "pnpm shared:copy ${server.name}"`,
  }));
  return [...problems, ...differences];
}

function copyServer({ server, lock, steps, packages }: View, git: Git): Finding[] {
  const scratch = openScratch(server.folder);
  const work: Work = { server, lock, git, scratch };
  try {
    const paired = pairRenames(steps, (blob) => git.blob(blob, true));
    git.store(paired.flatMap(recordedBy));
    const done = paired.flatMap((step) =>
      orFinding(server.name, step.path, () => applyStep(work, step)),
    );
    return [...done, ...copyPackages(server, packages, scratch)];
  } finally {
    scratch.close();
  }
}

function recordedBy(step: Step): SourceFile[] {
  if (step.kind === "carry") return [step.to.file];
  return "file" in step && step.kind !== "current" ? [step.file] : [];
}

function copyPackages(
  server: Server,
  packages: readonly PackageDifference[],
  scratch: Scratch,
): Finding[] {
  if (packages.length === 0) return [];
  return orFinding(server.name, "package.json", () => {
    alignPackages(server.folder, packages, scratch);
    const done = packages.map((difference) => packageFinding(server, difference));
    const after = { ...packageFinding(server), message: 'run "pnpm install" for these packages' };
    return [...done, after];
  });
}

function packageFinding({ name }: Server, difference?: PackageDifference): Finding {
  const message = difference ? `${packageWords(difference)}: now it is` : "";
  return { server: name, path: "package.json", kind: "packages", failed: false, message };
}

function packageWords({ section, name, has, wants }: PackageDifference): string {
  const now = has ? `${has} in ${section}` : `not in ${section}`;
  return `${name} is ${now}, shared code wants ${wants}`;
}
