import type { ServerFacts } from "./facts.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** Tools that are named in one cell; of more, those that are shown by default. */
const NAMED_TOOLS = 20;

function toolsCell({ server: { tools, toolsets } }: ServerFacts): string {
  const isUsual = ({ toolset }: (typeof tools)[number]) =>
    toolset === undefined || toolsets[toolset]?.default === true;
  const named = tools.length > NAMED_TOOLS ? tools.filter(isUsual) : tools;
  const names = named.map(({ listing }) => code(listing.name)).join(", ");
  const left = tools.length - named.length;
  return left > 0 ? `${names} and ${left} more in toolsets` : names;
}

/** The root README's table of servers. */
export function renderServersTable(servers: readonly ServerFacts[]): string {
  const rows = servers.map((facts) => [
    `[${facts.name}](servers/${facts.name}/README.md)`,
    facts.server.description,
    toolsCell(facts),
    String(facts.server.port),
  ]);
  return markdownTable(["Server", "What it does", "Tools", "Port"], rows);
}
