import type { ToolAnnotations } from "../../../shared/core/contract.ts";
import type { ServerFacts } from "./facts.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The README's table of tools, in the order in which they are listed. */
export function renderToolsTable({ server }: ServerFacts): string {
  if (server.tools.length === 0) return "It has no tools of its own.";
  const rows = server.tools.map(({ listing, toolset, feature }) => [
    code(listing.name),
    firstSentence(listing.description),
    access(listing.annotations),
    [toolset && code(toolset), feature && `while ${code(feature)} is true`]
      .filter(Boolean)
      .join(", "),
  ]);
  return markdownTable(["Tool", "What it does", "Access", "Toolset"], rows);
}

/** The rest of a description is advice to a model. */
function firstSentence(description: string): string {
  const flat = description.replaceAll(/\s+/g, " ").trim();
  return /^.*?[.!?](?=\s+[A-Z]|$)/.exec(flat)?.[0] ?? flat;
}

function access({ readOnlyHint, destructiveHint }: ToolAnnotations): string {
  if (readOnlyHint) return "reads";
  return destructiveHint ? "writes, can destroy" : "writes";
}
