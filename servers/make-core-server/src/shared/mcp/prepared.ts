// Copied from shared/mcp/prepared.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { PromptListing } from "#shared/core/contract.ts";
import { isShown, resolveToolsets, type Switchable, toolsetNames } from "#shared/core/selection.ts";
import type { AnswerSource } from "./answers.ts";
import { capabilitiesOf, type Features } from "./capabilities.ts";
import type { Env } from "./environment.ts";

/** A `tools.lock.json`, as far as a start needs it. */
export interface ToolsLock {
  name: string;
  title: string;
  version: string;
  instructions: string;
  features: Features;
  toolsets: Readonly<Record<string, { default: boolean }>>;
  /** Of each only what decides whether it is shown, once it is built. */
  tools: readonly Switchable[];
  prompts: readonly PromptListing[];
  /** As `variableKind` tells them; a JSON import knows no more of them than that they are text. */
  variables: Readonly<Record<string, LockedVariable>>;
}

export interface LockedVariable {
  kind: string | readonly string[] | { min?: number; max?: number; pattern?: string };
  /** Of a flag, which tools may depend on. */
  default?: boolean;
  /** Of a flag: its value by ENVIRONMENT while it is not set. */
  profiles?: Readonly<Record<string, boolean | undefined>>;
  required?: boolean;
  secret?: boolean;
  /** Stands for every variable that begins as it does up to its last underscore. */
  family?: boolean;
}

/**
 * What the server would answer with in this environment, from its lock file alone; `listings` has
 * the tools of it in the same order, each as JSON text. Undefined when only the configuration's
 * schema can tell, or would refuse it.
 */
export function prepare(
  lock: ToolsLock,
  env: Env,
  listings: () => readonly string[],
): AnswerSource | undefined {
  const isRight = ([name, variable]: [string, LockedVariable]) =>
    membersOf(name, variable, env).every((member) => isPlainlyRight(variable, env[member]));
  if (!Object.entries(lock.variables).every(isRight)) return undefined;
  const known = toolsetNames(lock.toolsets);
  if (!wantedToolsets(env).every((name) => known.includes(name))) return undefined;
  const shown = shownTools(lock, env);
  const { name, title, version, instructions } = lock;
  const capabilities = capabilitiesOf(lock, lock);
  const listTools = () => `[${listings().filter((_, at) => shown[at])}]`;
  return { name, title, version, instructions, capabilities, listTools };
}

/** Of each tool whether it is listed in this environment. Throws on a toolset that nobody knows. */
export function shownTools(
  lock: Pick<ToolsLock, "tools" | "toolsets"> & {
    variables: Readonly<Record<string, Pick<LockedVariable, "default" | "profiles">>>;
  },
  env: Env,
): boolean[] {
  const isOn = (name: string) => {
    const { profiles, default: fallback } = lock.variables[name] ?? {};
    const absent = profiles?.[env.ENVIRONMENT || "development"] ?? fallback;
    const given = env[name];
    return given ? ON.test(given) : absent === true;
  };
  const toolsets = resolveToolsets(wantedToolsets(env), lock.toolsets);
  const switches = { readOnly: isOn("READ_ONLY"), isOn };
  return lock.tools.map((tool) => isShown(tool, toolsets, switches));
}

const wantedToolsets = (env: Env) =>
  (env.TOOLSETS || "default").split(",").map((name) => name.trim());

/** What the schema of a flag takes for yes. */
const ON = /^(true|1|yes|on|y|enabled)$/i;
/** The words for a flag that need no schema; it takes others, and these in any case. */
const FLAG_WORDS: readonly string[] = ["true", "on", "false", "off"];

/** The variables that a name stands for: itself, or those of its family that are there. */
export function membersOf(name: string, { family }: LockedVariable, env: Env): string[] {
  if (!family) return [name];
  const prefix = name.slice(0, name.lastIndexOf("_") + 1);
  return Object.keys(env).filter((each) => each.startsWith(prefix) && each !== prefix);
}

/** Whether the server's schema would take a value, as far as that is known without it. */
export function isPlainlyRight(
  { kind, required }: LockedVariable,
  value: string | undefined,
): boolean {
  if (!value) return required !== true;
  if (kind === "text") return true;
  if (kind === "flag") return FLAG_WORDS.includes(value);
  if (typeof kind === "string") return false;
  if ("includes" in kind) return kind.includes(value);
  const { pattern, min = Number.NaN, max = Number.NaN } = kind;
  if (pattern !== undefined) return new RegExp(pattern).test(value);
  return /^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}
