import type { Env } from "#shared/mcp/environment.ts";

export interface Substituted {
  value: unknown;
  faults: string[];
}

/**
 * `${env:NAME}`, and the forms of other programs that look like it. Only variables are replaced:
 * a file that could run commands would be a program.
 */
const REFERENCE = /\$\{([a-z]+):([^}]*)\}/g;

/** Replaces the references in every text of a JSON value; keys stay as they are. */
export function substitute(value: unknown, env: Env, path: string): Substituted {
  if (typeof value === "string") return substituteText(value, env, path);
  if (typeof value !== "object" || value === null) return { value, faults: [] };
  const faults: string[] = [];
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const done = substitute(inner, env, path === "" ? key : `${path}.${key}`);
    faults.push(...done.faults);
    return [key, done.value];
  });
  return {
    value: Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries),
    faults,
  };
}

function substituteText(text: string, env: Env, path: string): Substituted {
  const faults: string[] = [];
  const value = text.replaceAll(REFERENCE, (whole, kind: string, name: string) => {
    if (kind !== "env") {
      faults.push(`${path}: ${whole} is not known here; only \${env:NAME} is replaced`);
      return whole;
    }
    const found = env[name];
    if (found === undefined) faults.push(`${path}: the environment has no variable ${name}`);
    return found ?? whole;
  });
  return { value, faults };
}
