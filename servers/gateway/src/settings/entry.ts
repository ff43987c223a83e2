import { resolve } from "node:path";
import { type Checked, check } from "./check.ts";
import { commandEntry, packageEntry, urlEntry } from "./schema.ts";
import type { MountSettings, MountSpec } from "./spec.ts";

const KINDS = ["package", "command", "url"] as const;

/** An entry of `mcpServers`; without data and faults when it is switched off. */
export function readEntry(
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
  switch (kind) {
    case "package":
      return make(check(packageEntry, entry, path), (data) => ({
        kind: "package",
        ...settingsOf(name, data),
        isolation: data.isolation,
        folder: resolve(base, data.package),
        env: data.env,
        memoryMb: data.memoryMb,
      }));
    case "command":
      return make(check(commandEntry, entry, path), (data) => ({
        kind: "command",
        ...settingsOf(name, data),
        command: data.command,
        args: data.args,
        env: data.env,
        ...(data.cwd !== undefined && { cwd: resolve(base, data.cwd) }),
      }));
    case "url":
      return make(check(urlEntry, entry, path), (data) => ({
        kind: "remote",
        ...settingsOf(name, data),
        url: data.url,
        headers: data.headers,
      }));
  }
}

type Common = Omit<MountSettings, "name" | "prefix" | "credentials"> & {
  prefix?: string | undefined;
  credentials?: readonly string[];
};

const settingsOf = (name: string, data: Common): MountSettings => ({
  name,
  prefix: data.prefix ?? name,
  required: data.required,
  startTimeoutMs: data.startTimeoutMs,
  callTimeoutMs: data.callTimeoutMs,
  maxConcurrency: data.maxConcurrency,
  maxQueue: data.maxQueue,
  tools: data.tools,
  onDown: data.onDown,
  credentials: data.credentials ?? [],
});

function make<T extends { enabled: boolean; disabled?: boolean | undefined }>(
  checked: Checked<T>,
  build: (data: T) => MountSpec,
): Checked<MountSpec | undefined> {
  if (checked.faults) return { faults: checked.faults };
  const { enabled, disabled = false } = checked.data;
  return { data: enabled && !disabled ? build(checked.data) : undefined };
}
