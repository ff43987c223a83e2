import { existsSync } from "node:fs";
import { join } from "node:path";
import { asObject, type JsonObject, readJson } from "../copy/json.ts";
import type { Project } from "../projects.ts";
import { type Finding, fault, type Rule } from "./finding.ts";

const GROUPS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/** A range of versions, of this name or through "npm:" of another. */
const FROM_REGISTRY = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?[\d^~<>=*xX\s|v.\w+-]+$/;
const ELSEWHERE =
  /^(workspace|catalog|file|link|portal|patch|git|github|gitlab|https?)\b.*[:/]|[/\\]/;

export const manifestOf = ({ dir }: Project): JsonObject =>
  readJson(join(dir, "package.json"), "package.json");

export const packageRules: Rule[] = [
  { name: "dependencies come from the registry", look: lookAtRanges },
  { name: "versions are pinned by a lockfile of its own", look: lookAtLockfile },
  { name: "package.json starts what is built", look: lookAtEntries },
];

function lookAtRanges(server: Project): Finding[] {
  const manifest = manifestOf(server);
  return GROUPS.flatMap((group) =>
    Object.entries(asObject(manifest[group] ?? {}, group))
      .filter(([, range]) => !isRegistryRange(String(range)))
      .map(([name, range]) =>
        fault(
          `${group}: "${name}" is "${String(range)}", which is found only in this repository or somewhere else than the registry`,
          `write out a range of its versions, such as "^1.2.3"; code of this repository is copied: flotilla.shared`,
        ),
      ),
  );
}

const isRegistryRange = (range: string) =>
  FROM_REGISTRY.test(range) && (range.startsWith("npm:") || !ELSEWHERE.test(range));

function lookAtLockfile({ dir }: Project): Finding[] {
  if (existsSync(join(dir, "pnpm-lock.yaml"))) return [];
  return [
    fault(
      "there is no pnpm-lock.yaml: a build elsewhere may take other versions",
      "run npx -y pnpm@12 install and commit pnpm-lock.yaml",
    ),
  ];
}

function lookAtEntries(server: Project): Finding[] {
  const { type, bin, files } = manifestOf(server);
  const findings: Finding[] = [];
  const commands = typeof bin === "string" ? [bin] : Object.values(asObject(bin ?? {}, "bin"));
  if (type !== "module")
    findings.push(fault(`"type" is not "module"`, `add "type": "module" to package.json`));
  if (!commands.some((path) => /^(\.\/)?dist\//.test(String(path))))
    findings.push(
      fault("no command (bin) of it is in dist", `add "bin": { "<name>": "dist/stdio.cjs" }`),
    );
  if (!Array.isArray(files) || !files.some((path) => /^(\.\/)?dist\b/.test(String(path))))
    findings.push(fault("dist is not among the files that are published", `add "files": ["dist"]`));
  return findings;
}
