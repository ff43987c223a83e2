import { isTooLong, joinName, MAX_NAME_LENGTH } from "./aggregate/names.ts";
import type { Catalogue } from "./mounts/catalogue.ts";
import type { Mount } from "./mounts/mount.ts";
import type { GatewaySettings } from "./settings/spec.ts";

const STATE_WIDTH = 10;
const NAME_WIDTH = 12;

/** What a mount has come to, in one line. */
export function statusLine({ name, prefix, status, catalogue }: Mount, base: string): string {
  const label = `${status.state.padEnd(STATE_WIDTH)} ${name.padEnd(NAME_WIDTH)}`;
  const url = `${base}/${name}/mcp`;
  if (status.state === "ready") {
    const count = catalogue.tools.length;
    return `${label} ${url}  ${count} tool${count === 1 ? "" : "s"}${cutNames(prefix, catalogue)}`;
  }
  const { reason = "", retryAt } = status;
  const next = retryAt === undefined ? "" : " (tried again until it works)";
  return `${label} ${url}  ${reason}${next}`;
}

/** What is shown shorter in the list of all, because clients would not take it. */
function cutNames(prefix: string, { tools }: Catalogue): string {
  const long = tools.filter(({ name }) => isTooLong(prefix, name));
  const [first] = long;
  if (!first) return "";
  const advice = `cut in /mcp to ${MAX_NAME_LENGTH} characters, such as ${joinName(prefix, first.name)}; a shorter "prefix" keeps them whole`;
  return `, the names of ${long.length} ${advice}`;
}

/** Prints what mounts come to, and not again when trying again came to the same. */
export function createReporter(print: (text: string) => void) {
  const last = new Map<string, string>();
  return (mount: Mount, base: string): void => {
    const line = statusLine(mount, base);
    if (last.get(mount.name) === line) return;
    last.set(mount.name, line);
    print(`${line}\n`);
  };
}

/** Where to reach it, and what to paste into an MCP client. */
export function welcome(
  base: string,
  version: string,
  names: readonly string[],
  { docs, access }: Pick<GatewaySettings, "docs" | "access">,
): string {
  const key = access?.keys !== undefined && { headers: { Authorization: "Bearer <key>" } };
  const client = { mcpServers: { flotilla: { type: "http", url: `${base}/mcp`, ...key } } };
  const [first] = names;
  return [
    `Gateway ${version} on ${base}`,
    "",
    "All servers as one, for an MCP client:",
    "",
    JSON.stringify(client, null, 2),
    "",
    first === undefined
      ? "No server is mounted: name some in a gateway.json and pass it with --config."
      : `One server alone is at ${base}/{server}/mcp, such as ${base}/${first}/mcp.`,
    ...(docs ? [`The same tools over REST are described at ${base}/docs.`] : []),
    "",
  ].join("\n");
}
