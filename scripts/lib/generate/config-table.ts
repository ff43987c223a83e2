import type { ServerFacts, VariableFacts } from "./facts.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The README's table of variables: the server's own, then those that every server reads. */
export function renderConfigTable({ variables }: ServerFacts): string {
  const rows = variables.map((variable) => [
    code(variable.name),
    defaultOf(variable),
    `${variable.describe}${variable.from ? `. From ${variable.from}` : ""}`,
    variable.secret ? "secret" : "",
  ]);
  return markdownTable(["Variable", "Default", "What for", "Secret"], rows);
}

function defaultOf({ default: fallback, profiles, required, secret }: VariableFacts): string {
  if (required) return "required";
  if (secret) return "";
  const others = Object.entries(profiles).map(([profile, value]) => `${code(value)} in ${profile}`);
  return [fallback === undefined ? "" : code(fallback), ...others].filter(Boolean).join(", ");
}
