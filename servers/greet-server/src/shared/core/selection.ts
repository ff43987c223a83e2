// Copied from shared/core/selection.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** What decides whether a tool is shown, as plain data: the prepared start reads it from the lock file. */
export interface Switchable {
  toolset?: string;
  feature?: string;
  annotations: { readOnlyHint: boolean };
}

export interface Switches {
  readOnly: boolean;
  /** Whether the boolean variable of this name is true. */
  isOn(feature: string): boolean;
}

type Toolsets = Readonly<Record<string, { default: boolean }>>;

/** What TOOLSETS may name. */
export const toolsetNames = (toolsets: Toolsets): string[] => [
  "default",
  "all",
  ...Object.keys(toolsets),
];

/** The toolsets that names in TOOLSETS switch on. */
export function resolveToolsets(wanted: readonly string[], toolsets: Toolsets): Set<string> {
  const known = Object.keys(toolsets);
  if (wanted.includes("all")) return new Set(known);
  const on = new Set(wanted);
  if (on.delete("default")) {
    for (const name of known) if (toolsets[name]?.default) on.add(name);
  }
  return on;
}

/** Whether a tool is shown: its toolset and its feature are on, and it does not write where writing is off. */
export function isShown(
  tool: Switchable,
  toolsets: ReadonlySet<string>,
  switches: Switches,
): boolean {
  if (switches.readOnly && !tool.annotations.readOnlyHint) return false;
  if (tool.toolset !== undefined && !toolsets.has(tool.toolset)) return false;
  return tool.feature === undefined || switches.isOn(tool.feature);
}
