import { shortName } from "../generate/facts.ts";
import { TOKEN_METHOD, toolTokens } from "../tokens.ts";
import type { LockedTool } from "../tools-lock.ts";
import type { Dialect } from "./dialect.ts";

/** Clients put a prefix before a tool's name, and hosts of models take this many characters. */
const MAX_QUALIFIED_NAME = 64;

export interface Offer {
  server: string;
  tools: readonly LockedTool[];
}

/** What a client takes on with these servers, told before it is installed. */
export function describeCost(offers: readonly Offer[], { label, maxTools }: Dialect): string[] {
  const rows = offers.map(({ server, tools }) => ({
    name: shortName(server),
    tools: tools.length,
    tokens: toolTokens(tools),
  }));
  const total = {
    name: "total",
    tools: rows.reduce((sum, row) => sum + row.tools, 0),
    tokens: rows.reduce((sum, row) => sum + row.tokens, 0),
  };
  const width = Math.max(...[...rows, total].map(({ name }) => name.length));
  const line = ({ name, tools, tokens }: typeof total) =>
    `${name.padEnd(width)}  ${String(tools).padStart(3)} tools  ${String(tokens).padStart(6)} tokens`;
  const tooMany =
    maxTools !== undefined && total.tools > maxTools
      ? [`warning    ${label} uses at most ${maxTools} tools`]
      : [];
  return [
    ...[...(rows.length > 1 ? rows : []), total].map(line),
    `(${TOKEN_METHOD})`,
    ...collisions(offers),
    ...tooLong(offers),
    ...tooMany,
  ];
}

/** Some clients put the server's name before a tool's, some do not. */
function collisions(offers: readonly Offer[]): string[] {
  const holders = new Map<string, string[]>();
  for (const { server, tools } of offers)
    for (const { name } of tools)
      holders.set(name, [...(holders.get(name) ?? []), shortName(server)]);
  const twice = [...holders].filter(([, servers]) => servers.length > 1);
  if (twice.length === 0) return ["no two tools share a name"];
  return twice.map(
    ([name, servers]) =>
      `collision  ${name} is a tool of ${servers.join(" and ")}: a client that drops the server's name sees one of them`,
  );
}

function tooLong(offers: readonly Offer[]): string[] {
  return offers.flatMap(({ server, tools }) =>
    tools
      .map(({ name }) => `mcp__${shortName(server)}__${name}`)
      .filter((full) => full.length > MAX_QUALIFIED_NAME)
      .map((full) => `too long   ${full} has more than ${MAX_QUALIFIED_NAME} characters`),
  );
}
