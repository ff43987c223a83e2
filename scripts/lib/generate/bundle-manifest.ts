import { checkBundleManifest } from "./bundle-manifest-rules.ts";
import { prettyJson } from "./canonical-json.ts";
import { type ServerFacts, stdioVariables, type VariableFacts } from "./facts.ts";

const ENTRY = "dist/stdio.cjs";

/** `manifest.json` of the .mcpb bundle, by which desktop clients install and configure a server. */
export function renderBundleManifest(facts: ServerFacts): string {
  const { name, server, package: own } = facts;
  const asked = askedOfUser(facts);
  const value = {
    manifest_version: "0.3",
    name,
    display_name: server.title,
    version: server.version,
    description: server.description,
    author: { name: own.author },
    repository: { type: "git", url: own.repository },
    license: own.license,
    server: {
      type: "node",
      entry_point: ENTRY,
      mcp_config: {
        command: "node",
        args: [`\${__dirname}/${ENTRY}`],
        env: Object.fromEntries(asked.map((one) => [one.name, `\${user_config.${keyOf(one)}}`])),
      },
    },
    tools: server.tools.map(({ listing: { name: tool, description } }) => ({
      name: tool,
      description,
    })),
    tools_generated: server.features.listChanged.includes("tools"),
    prompts_generated: server.prompts.length > 0,
    user_config: Object.fromEntries(asked.map((one) => [keyOf(one), userConfig(one)])),
    compatibility: {
      platforms: ["darwin", "win32", "linux"],
      runtimes: { node: own.node },
    },
  };
  checkBundleManifest(value);
  return prettyJson(value);
}

/** A form should ask only for what a user of this server decides: not how it logs or where it runs. */
function askedOfUser(facts: ServerFacts): VariableFacts[] {
  const { tools, toolsets } = facts.server;
  const writes = tools.some(({ listing }) => !listing.annotations.readOnlyHint);
  return stdioVariables(facts).filter(
    ({ name, standard }) =>
      !standard ||
      (name === "READ_ONLY" && writes) ||
      (name === "TOOLSETS" && Object.keys(toolsets).length > 0),
  );
}

const keyOf = ({ name }: VariableFacts) => name.toLowerCase();

/**
 * A field without a value is not replaced: the server would be given the text "${user_config.x}". So
 * whatever is not required has a default, if only the empty text, which counts as absent.
 */
function userConfig({ name, describe, from, required, secret, type, ...rest }: VariableFacts) {
  const fallback = secret ? undefined : rest.default;
  return {
    type: fallback === undefined ? "string" : type,
    title: name,
    description: from ? `${describe}. From ${from}` : describe,
    required,
    ...(secret && { sensitive: true }),
    ...(!required && { default: typed(fallback, type) }),
  };
}

function typed(text: string | undefined, type: VariableFacts["type"]): string | number | boolean {
  if (text === undefined) return "";
  if (type === "boolean") return text === "true";
  return type === "number" ? Number(text) : text;
}
