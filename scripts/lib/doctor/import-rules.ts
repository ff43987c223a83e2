import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Project } from "../projects.ts";
import { runNode } from "../run.ts";
import { emptyEnvironment } from "../standalone/environment.ts";
import { inTempFolder } from "../temp-folder.ts";
import { type Finding, fault, type Rule } from "./finding.ts";

export const importRules: Rule[] = [
  { name: "it is imported alone, in an empty environment", needsBuild: true, look: lookAtImport },
];

const probe = fileURLToPath(new URL("./import-probe.js", import.meta.url));
/** A module that is imported leaves the process nothing to wait for. */
const END_SECONDS = 10;

interface Told {
  exports: { server?: string; contract?: number; fetch?: string; default?: boolean };
  touched: { what: string; at: string }[];
  error?: string;
}

/** What a gateway, or a host that looks for a module's export, does with a server before all else. */
async function lookAtImport({ dir }: Project): Promise<Finding[]> {
  return inTempFolder(async (folder) => {
    const report = join(folder, "report.json");
    const module = pathToFileURL(join(dir, "dist", "server.js")).href;
    const options = { cwd: folder, env: emptyEnvironment(), timeoutSeconds: END_SECONDS };
    const { output, ok } = await runNode([probe, module, report], options);
    const text = existsSync(report) ? readFileSync(report, "utf8") : "";
    if (text === "")
      return [
        fault(
          `the process does not end by itself after the import of dist/server.js${quoted(output)}`,
          "open nothing at module level: make clients, timers and pools in services, on first use",
        ),
      ];
    const told: Told = JSON.parse(text);
    return [...unlike(told), ...touchedBy(told), ...saidBy(output, ok && told.error === undefined)];
  });
}

function unlike({ exports, error }: Told): Finding[] {
  if (error !== undefined)
    return [
      fault(
        `dist/server.js does not load with no variable set: ${error}`,
        "read variables when a call needs them (context.require), not at module level",
      ),
    ];
  const wrong = [
    exports.server === "object" ? "" : "no server",
    exports.contract === 1 ? "" : "no contract 1",
    exports.fetch === "function" ? "" : "no fetch",
    exports.default ? "" : "no default that is the server",
  ].filter(Boolean);
  if (wrong.length === 0) return [];
  return [
    fault(
      `dist/server.js exports ${wrong.join(", ")}: hosts that look for a module's export find none`,
      "in src/server.ts: export const server = defineServer({...}); export default server;",
    ),
  ];
}

function touchedBy({ touched }: Told): Finding[] {
  const seen = new Map(touched.map(({ what, at }) => [what, at]));
  return [...seen].map(([what, at]) =>
    fault(
      `the import of dist/server.js ${what}${at ? ` ${at}` : ""}`,
      "make clients and connections in services, which are opened on first use and closed at the end",
    ),
  );
}

function saidBy(output: string, ok: boolean): Finding[] {
  if (!ok || output.trim() === "") return [];
  return [
    fault(
      `the import of dist/server.js writes${quoted(output)}`,
      "stdout carries the protocol only: use context.log, which writes to stderr, and only in calls",
    ),
  ];
}

const quoted = (output: string) =>
  output.trim() === "" ? "" : `: ${JSON.stringify(output.trim().slice(0, 120))}`;
