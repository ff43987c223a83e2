import type { ServerFacts } from "./facts.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The root README's table of servers. */
export function renderServersTable(servers: readonly ServerFacts[]): string {
  const rows = servers.map(({ name, server }) => [
    `[${name}](servers/${name}/README.md)`,
    server.description,
    server.tools.map(({ listing }) => code(listing.name)).join(", "),
    String(server.port),
  ]);
  return markdownTable(["Server", "What it does", "Tools", "Port"], rows);
}
