import { type ServerFacts, shortName } from "./facts.ts";
import { type Rule, requireRules } from "./rules.ts";

/** Clients prefix a tool with "mcp__server__", and hosts of models take 64 characters. */
const MAX_QUALIFIED_NAME = 64;

export function checkToolNames({ name, server }: ServerFacts): void {
  const rules = server.tools.flatMap(({ listing }): Rule[] => {
    const full = `mcp__${shortName(name)}__${listing.name}`;
    return [
      [
        `${full} has ${full.length} characters, more than ${MAX_QUALIFIED_NAME}`,
        full.length <= MAX_QUALIFIED_NAME,
      ],
      [`"${listing.name}" must be letters, digits, _ and -`, /^[A-Za-z0-9_-]+$/.test(listing.name)],
    ];
  });
  requireRules("tool names", rules);
}
