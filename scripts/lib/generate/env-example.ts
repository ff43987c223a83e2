import type { ServerFacts, VariableFacts } from "./facts.ts";

/**
 * `.env.example`: every variable with its default. A copy of it changes nothing until it is edited;
 * only secrets and what is required are not commented out, and wait for a value.
 */
export function renderEnvExample({ name, variables }: ServerFacts): string {
  const head = [
    "# Written by pnpm generate from the configuration. Do not edit.",
    `# Variables of ${name}: copy this file to .env beside it and set what you need. Empty means absent.`,
  ];
  return `${[head, ...variables.map(paragraph)].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function paragraph(variable: VariableFacts): string[] {
  const { name, describe, from, required, secret, profiles } = variable;
  const others = Object.entries(profiles).map(([profile, value]) => `${value} in ${profile}`);
  const notes = [
    describe,
    ...(required ? ["Required."] : []),
    ...(secret ? ["Secret."] : []),
    ...(from ? [`From: ${from}`] : []),
    ...(others.length > 0 ? [`Default: ${[variable.default, ...others].join(", ")}`] : []),
  ];
  const line = `${name}=${secret ? "" : (variable.default ?? "")}`;
  const comments = notes.map((note) => `# ${note.replaceAll(/\s*\n\s*/g, " ")}`);
  return [...comments, secret || required ? line : `# ${line}`];
}
