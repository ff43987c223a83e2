import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkLockDrift, directVersions } from "../lib/checks/lock-drift.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { isRecord } from "../lib/unknown.ts";
import { tempFolder } from "./support/temp-folder.ts";

const lock = (zod: string, peers = "") => `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@scope/name':
        specifier: ^1.0.0
        version: 1.2.3
    devDependencies:
      zod:
        specifier: ^4.0.0
        version: ${zod}${peers}

packages:

  zod@3.0.0:
    resolution: {integrity: sha512-x}
`;

test("reads direct dependencies, their peers left out", () => {
  expect([...directVersions(lock("4.6.7", "(@types/node@20.1.0)(x@1.0.0)"))]).toEqual([
    ["@scope/name", "1.2.3"],
    ["zod", "4.6.7"],
  ]);
});

test("reads every dependency of a lockfile that pnpm wrote", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
  const declared = isRecord(manifest) ? manifest.devDependencies : undefined;
  const lockfile = readFileSync(join(repositoryRoot, "pnpm-lock.yaml"), "utf8");
  const found = [...directVersions(lockfile).keys()].sort();
  expect(found).toEqual(Object.keys(isRecord(declared) ? declared : {}).sort());
});

test("names the dependency, the versions and who has them", () => {
  const root = tempFolder({
    "shared/package.json": "{}",
    "shared/pnpm-lock.yaml": lock("4.6.7", "(a@1.0.0)"),
    "servers/a-server/package.json": "{}",
    "servers/a-server/pnpm-lock.yaml": lock("4.6.7"),
    "servers/b-server/package.json": "{}",
    "servers/b-server/pnpm-lock.yaml": lock("4.5.0"),
  });
  expect(checkLockDrift(root)).toEqual({
    lockfiles: 3,
    problems: ["zod: 4.6.7 in shared, servers/a-server; 4.5.0 in servers/b-server"],
  });
});

test("reports a missing lockfile and one it cannot read", () => {
  const root = tempFolder({
    "shared/package.json": "{}",
    "servers/a-server/package.json": "{}",
    "servers/a-server/pnpm-lock.yaml": "lockfileVersion: '12.0'\n",
  });
  expect(checkLockDrift(root).problems).toEqual([
    "shared has no pnpm-lock.yaml",
    "servers/a-server/pnpm-lock.yaml: no direct dependency found",
  ]);
});
