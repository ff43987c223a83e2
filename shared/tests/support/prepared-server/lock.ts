import type { ConfigDefinition, Variable } from "#shared/core/config.ts";
import type { ServerModule } from "#shared/core/contract.ts";
import { variableKind } from "#shared/core/variable-kind.ts";
import type { ToolsLock } from "#shared/mcp/prepared.ts";
import { config } from "./config.ts";
import { server } from "./server.ts";

/** What `tools.lock.json` says of a server, as far as a start needs it. */
export function lockOf(module: ServerModule, { variables }: ConfigDefinition): ToolsLock {
  const { name, title, version, instructions, features, toolsets, prompts } = module;
  const tools = module.tools.map(({ listing, ...switches }) => ({
    ...listing,
    ...switches,
    hash: "",
  }));
  const locked = Object.entries(variables).map(([key, variable]) => [key, lockVariable(variable)]);
  const lock = { name, title, version, instructions, features, toolsets, tools, prompts };
  return JSON.parse(JSON.stringify({ ...lock, variables: Object.fromEntries(locked) }));
}

function lockVariable({ schema, profiles = {} }: Variable) {
  const absent = schema.safeParse(undefined);
  const isFlag = schema.safeParse("true").data === true;
  const words = Object.entries(profiles).map(([profile, word]) => [profile, word === "true"]);
  return {
    kind: variableKind(schema),
    ...(isFlag && { default: absent.data === true, profiles: Object.fromEntries(words) }),
    ...(!absent.success && { required: true }),
  };
}

/** The build puts the JSON in the place of this module, as it does with the file of a server. */
const lock = lockOf(server, config);

export default lock;
