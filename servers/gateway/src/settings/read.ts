import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type * as z from "zod";
import { StartError } from "#shared/core/lifecycle.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { Inputs } from "../remembered/inputs.ts";
import { check } from "./check.ts";
import { readEntry } from "./entry.ts";
import { gatewayFile } from "./file-schema.ts";
import { parseJsonc } from "./jsonc.ts";
import { nameFault, pathName, SERVER_NAME } from "./names.ts";
import type { ownSettings } from "./schema.ts";
import { type GatewaySettings, type MountSpec, OWN_DEFAULTS, type ProfileSpec } from "./spec.ts";
import { substitute } from "./substitute.ts";
import { unknownServers } from "./unknown-servers.ts";

/** Reads a gateway.json. Throws a StartError that names every fault by its path; nothing is half applied. */
export function readGatewayFile(file: string, env: Env, inputs?: Inputs): GatewaySettings {
  inputs?.file(file);
  const parsed = parseJsonc(readText(file));
  if ("syntax" in parsed) throw new StartError(`${file}: ${parsed.syntax}`);
  if (parsed.faults.length > 0) throw faulty(file, parsed.faults);
  const base = dirname(file);
  const { value, faults } = substitute(parsed.value, { env, base, inputs }, "");
  const checked = check(gatewayFile, value, "");
  faults.push(...(checked.faults ?? []));
  const { mcpServers, servers, gateway } = checked.data ?? {};
  if (checked.data && !mcpServers && !servers) faults.push("mcpServers: is missing");
  const mounts = new Mounts(base, faults);
  for (const [name, entry] of Object.entries(mcpServers ?? {}))
    mounts.add(name, entry, `mcpServers.${name}`);
  for (const [name, entry] of Object.entries(servers ?? {}))
    mounts.add(name, entry, `servers.${name}`);
  const profiles = Object.entries(gateway?.profiles ?? {}).map(([name, profile]): ProfileSpec => {
    if (!SERVER_NAME.test(name))
      faults.push(`gateway.profiles.${name}: ${nameFault(name) ?? "is no name"}`);
    return { name, ...profile };
  });
  if (faults.length > 0) throw faulty(file, faults);
  const own = withPaths(gateway ?? {}, base);
  const warnings = unknownServers({ limits: own.limits, profiles }, mounts.names);
  return { ...OWN_DEFAULTS, ...own, mounts: mounts.specs, profiles, warnings };
}

type Own = Partial<z.output<typeof ownSettings>>;

/** Paths are from the folder of the file. */
function withPaths({ profiles: _, access, pins, audit, ...rest }: Own, base: string) {
  const absolute = (path: string | undefined) => (path === undefined ? path : resolve(base, path));
  return {
    ...rest,
    ...(access && {
      access: {
        ...access,
        keys: absolute(access.keys),
        deployment: absolute(access.deployment),
      },
    }),
    ...(pins && { pins: { ...pins, file: resolve(base, pins.file) } }),
    ...(audit && { audit: { ...audit, file: resolve(base, audit.file) } }),
  };
}

/** Entries as they are read; two that could not be told apart are a fault. */
class Mounts {
  readonly specs: MountSpec[] = [];
  readonly #base: string;
  readonly #faults: string[];
  readonly #names = new Map<string, string>();
  readonly #prefixes = new Map<string, string>();

  constructor(base: string, faults: string[]) {
    this.#base = base;
    this.#faults = faults;
  }

  /** Also of those that are switched off. */
  get names(): string[] {
    return [...this.#names.keys()];
  }

  add(key: string, entry: unknown, path: string): void {
    const name = pathName(key);
    const fault = nameFault(name === "" ? key : name) ?? this.#taken(this.#names, name, path);
    if (fault !== undefined) this.#faults.push(`${path}: ${fault}`);
    const read = readEntry(name, entry, path, this.#base);
    if (read.faults) this.#faults.push(...read.faults);
    else if (read.data) {
      // servers without a prefix are told apart by the names of their tools
      const { prefix } = read.data;
      const taken = prefix === "" ? undefined : this.#taken(this.#prefixes, prefix, path);
      if (taken !== undefined && fault === undefined) this.#faults.push(`${path}.prefix: ${taken}`);
      this.specs.push(read.data);
    }
  }

  #taken(by: Map<string, string>, name: string, path: string): string | undefined {
    const other = by.get(name);
    if (other === undefined) by.set(name, path);
    return other === undefined ? undefined : `"${name}" is that of ${other} already`;
  }
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
