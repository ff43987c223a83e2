import type { Instance } from "#shared/core/contract.ts";
import type { FetchableServer } from "#shared/mcp/define-server.ts";
import { createFetch } from "#shared/mcp/fetch.ts";
import { server } from "./server.ts";

/** Breaks each promise that a definition or an instance makes. */

const [tool, ...others] = server.tools.map((entry) => structuredClone(entry));
if (!tool) throw new Error("The server has no tool");
tool.listing.name = "repeatWord";
tool.listing.description = "";
tool.listing.annotations.destructiveHint = true;
tool.listing.inputSchema.anyOf = [];

let opened = 0;

function spoil(instance: Instance): Instance {
  opened += 1;
  const listing = {
    ...tool?.listing,
    title: `Opened ${opened} times`,
  } as Instance["tools"][number];
  const many = Array.from({ length: 21 }, (_, at) => ({ ...listing, name: `tool_${at}` }));
  return {
    ...instance,
    tools: [...others.map((entry) => entry.listing), ...many, listing],
    call: async (_, input) => ({
      result: {
        content: [{ type: "text", text: "not JSON" }],
        structuredContent: { input },
      },
    }),
    health: async () => ({ ...(await instance.health()), status: "failing" }),
    read: async (uri) => ({ result: { contents: [{ uri, text: '{"status":"failing"}' }] } }),
  };
}

export const broken: FetchableServer = {
  ...server,
  tools: [tool, ...others],
  toolsets: { ...server.toolsets, empty: { describe: "Nothing", default: false } },
  open: async (options) => {
    const { TOOLSETS: _, READ_ONLY: __, ...env } = options.env;
    return spoil(await server.open({ ...options, env }));
  },
  fetch: async (request) => {
    const handle = await createFetch(broken);
    return handle(request);
  },
};
