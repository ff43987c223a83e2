import * as z from "zod";
import { commandEntry, ownSettings, packageEntry, urlEntry } from "./schema.ts";

/** Keys of the files of other programs that mean nothing here: Claude Desktop's and VS Code's. */
const OF_CLIENTS = [
  "globalShortcut",
  "preferences",
  "isUsingBuiltInNodeForMcp",
  "isDxtAutoUpdatesEnabled",
  "scale",
  "locale",
  "userThemeMode",
  "inputs",
] as const;

const entries = z.record(z.string(), z.unknown());

/** The file's own keys; entries are checked one by one, so that each fault has its path. */
export const gatewayFile = z.strictObject({
  $schema: z.string().optional(),
  mcpServers: entries.optional(),
  servers: entries.optional(),
  gateway: ownSettings.prefault({}),
  ...Object.fromEntries(OF_CLIENTS.map((key) => [key, z.unknown().optional()])),
});

/** The published JSON Schema: what editors complete and check a gateway.json by. */
export function renderFileSchema(): string {
  const entry = z.union([packageEntry, commandEntry, urlEntry]);
  const servers = z.record(z.string(), entry);
  const whole = z
    .strictObject({
      ...gatewayFile.shape,
      mcpServers: servers.optional().describe("The servers by name, as MCP clients have them"),
      servers: servers.optional().describe("The same, as VS Code calls it"),
    })
    .meta({ title: "gateway.json" });
  return `${JSON.stringify(z.toJSONSchema(whole, { io: "input" }), null, 2)}\n`;
}
