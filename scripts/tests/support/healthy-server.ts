import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { hashSources, writeStamp } from "../../lib/build/stamp.ts";
import { examine } from "../../lib/doctor/doctor.ts";
import type { Project } from "../../lib/projects.ts";
import { builtServer } from "./built-server.ts";
import { writeFiles } from "./temp-folder.ts";

/** A module as a host wants it. */
export const GOOD = `export const server = { contract: 1, fetch() {} };
export default server;
`;

export type Edit = (manifest: Record<string, unknown>) => void;

/** A server without a fault, but for what a test spoils. */
export function healthy(files: Record<string, string> = {}, edit: Edit = () => {}): Project {
  const server = builtServer();
  const text = readFileSync(join(server.dir, "package.json"), "utf8");
  const manifest = JSON.parse(text);
  // its start is that of an SDK without a bundle
  manifest.flotilla.budget = { startCpu: 1_000, firstCallCpu: 1_000 };
  manifest.devDependencies = { zod: "^4.6.7" };
  edit(manifest);
  writeFiles(server.dir, {
    "package.json": JSON.stringify(manifest),
    "pnpm-lock.yaml": "",
    "README.md": "WIND_KEY WIND_UNIT",
    ".env.example": "WIND_KEY=\n# WIND_UNIT=",
    "dist/server.js": GOOD,
    "src/server.ts": 'import * as z from "zod";\nimport { x } from "./wind/x.ts";\n',
    "src/shared/core/config.ts": "process.env.ANY",
    ...files,
  });
  writeStamp(server.dir, hashSources(server.dir));
  return server;
}

export async function doctor(server: Project, only = "") {
  const lines: string[] = [];
  const { faults, warnings } = await examine(server, (line) => lines.push(line), only);
  return { faults, warnings, text: lines.join("\n") };
}

/** The one thing that is wrong, and that there is a cure for it. */
export async function expectFault(
  server: Project,
  rule: string,
  message: string | RegExp,
  cure: string,
) {
  const { faults, text } = await doctor(server, rule);
  expect(text).toContain(`FAULT   wind-server  ${rule}`);
  expect(text).toEqual(
    typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
  );
  expect(text).toContain(`cure: ${cure}`);
  expect(faults).toBe(1);
}
