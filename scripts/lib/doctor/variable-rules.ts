import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lineAt, readCode } from "../code.ts";
import { shortName } from "../generate/facts.ts";
import type { Project } from "../projects.ts";
import { readToolsLock } from "../tools-lock.ts";
import { type Finding, fault, type Rule } from "./finding.ts";
import { CODE, sourcesOf } from "./source-rules.ts";

export const variableRules: Rule[] = [
  { name: "every variable goes through the configuration", look: lookAtReads },
  { name: "every variable is documented", look: lookAtDocuments },
];

/** Those of the operating system, which say nothing about the server. */
const SYSTEM = new Set([
  "PATH",
  "HOME",
  "USERPROFILE",
  "APPDATA",
  "TEMP",
  "TMP",
  "TMPDIR",
  "SystemRoot",
]);

function lookAtReads(server: Project): Finding[] {
  const own = sourcesOf(server, CODE).filter(({ path }) => /^src\/(?!shared\/)/.test(path));
  return own.flatMap(({ path, text }) =>
    readCode(path, text)
      .reads.filter(({ name }) => (name === undefined ? !isEntry(path) : !SYSTEM.has(name)))
      .map(({ name, start }) =>
        fault(
          `${path}:${lineAt(text, start)} reads ${name ?? "process.env"}, of which no document tells`,
          `declare ${name ?? "its variables"} in src/config.ts and read context.config${name ? `.${name}` : ""}`,
        ),
      ),
  );
}

/** The files that are started hand the whole environment on. */
const isEntry = (path: string) => /^src\/[^/]+$/.test(path);

function lookAtDocuments(server: Project): Finding[] {
  const names = Object.keys(readToolsLock(server.dir).variables);
  return ["README.md", ".env.example"].flatMap((document) => {
    const file = join(server.dir, document);
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const missing = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    if (missing.length === 0) return [];
    return [
      fault(
        `${document} does not tell of ${missing.join(", ")}`,
        `run pnpm generate ${shortName(server.name)}`,
      ),
    ];
  });
}
