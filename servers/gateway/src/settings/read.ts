import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { StartError } from "#shared/core/lifecycle.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { parseJsonc } from "./jsonc.ts";
import { nameFault } from "./names.ts";
import {
  type Checked,
  check,
  commandEntry,
  gatewayFile,
  packageEntry,
  urlEntry,
} from "./schema.ts";
import type { MountSpec } from "./spec.ts";
import { substitute } from "./substitute.ts";

/** Reads a gateway.json. Throws a StartError that names every fault by its path; nothing is half applied. */
export function readGatewayFile(file: string, env: Env): MountSpec[] {
  const parsed = parseJsonc(readText(file));
  if ("syntax" in parsed) throw new StartError(`${file}: ${parsed.syntax}`);
  if (parsed.faults.length > 0) throw faulty(file, parsed.faults);
  const { value, faults } = substitute(parsed.value, env, "");
  const specs: MountSpec[] = [];
  const checked = check(gatewayFile, value, "");
  faults.push(...(checked.faults ?? []));
  for (const [name, entry] of Object.entries(checked.data?.mcpServers ?? {})) {
    const path = `mcpServers.${name}`;
    const fault = nameFault(name);
    if (fault) faults.push(`${path}: ${fault}`);
    const read = readEntry(name, entry, path, dirname(file));
    if (read.faults) faults.push(...read.faults);
    else if (read.data) specs.push(read.data);
  }
  if (faults.length > 0) throw faulty(file, faults);
  return specs;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const reason = code === "ENOENT" ? "there is no such file" : String(code ?? error);
    throw new StartError(`${file} cannot be read: ${reason}`);
  }
}

const faulty = (file: string, faults: readonly string[]) =>
  new StartError(
    [
      `${file} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:`,
      ...faults.map((fault) => `  ${fault}`),
    ].join("\n"),
  );

const KINDS = ["package", "command", "url"] as const;

/** An entry of `mcpServers`; without data and faults when it is switched off. */
function readEntry(
  name: string,
  entry: unknown,
  path: string,
  base: string,
): Checked<MountSpec | undefined> {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    return { faults: [`${path}: expected an object`] };
  const kinds = KINDS.filter((key) => key in entry);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    const found = kinds.length > 1 ? `has ${kinds.join(" and ")}` : "has none";
    return { faults: [`${path}: needs one of ${KINDS.join(", ")}, and ${found}`] };
  }
  if (kind === "package") {
    return make(check(packageEntry, entry, path), ({ package: folder, ...rest }) => ({
      kind: "package",
      name,
      ...rest,
      folder: resolve(base, folder),
    }));
  }
  if (kind === "command") {
    return make(check(commandEntry, entry, path), ({ type: _, cwd, ...rest }) => ({
      kind: "process",
      name,
      ...rest,
      ...(cwd !== undefined && { cwd: resolve(base, cwd) }),
    }));
  }
  return make(check(urlEntry, entry, path), ({ type: _, ...rest }) => ({
    kind: "remote",
    name,
    ...rest,
  }));
}

function make<T extends { enabled: boolean }>(
  checked: Checked<T>,
  build: (data: Omit<T, "enabled">) => MountSpec,
): Checked<MountSpec | undefined> {
  if (checked.faults) return { faults: checked.faults };
  const { enabled, ...data } = checked.data;
  return { data: enabled ? build(data) : undefined };
}
