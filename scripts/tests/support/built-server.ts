import { join } from "node:path";
import type { Project } from "../../lib/projects.ts";
import { tempFolder } from "./temp-folder.ts";

const fixture = new URL("../fixtures/sdk-server.mjs", import.meta.url).href;

/** The same text for a module of either kind. */
const entry = (kind: string) =>
  `#!/usr/bin/env node
const { realpathSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const folder = join(realpathSync(process.argv[1]), "../..");
writeFileSync(join(folder, "started.json"), JSON.stringify({ env: process.env, cwd: process.cwd() }));
process.argv[2] = "${kind}";
void import("${fixture}");
`;

const tool = (name: string) => ({
  name,
  description: name,
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
});

const packageOf = (name: string) => ({
  name,
  version: "1.2.3",
  type: "module",
  bin: { [name]: "dist/stdio.cjs" },
  files: ["dist"],
  flotilla: { port: 3456, example: { tool: "first_tool", input: {} } },
});

const manifestOf = (name: string) => ({
  manifest_version: "0.3",
  name,
  version: "1.2.3",
  description: "Tells the wind",
  author: { name: "someone" },
  server: {
    type: "node",
    entry_point: "dist/stdio.cjs",
    mcp_config: {
      command: "node",
      args: ["$" + "{__dirname}/dist/stdio.cjs"],
      env: { WIND_UNIT: "$" + "{user_config.wind_unit}" },
    },
  },
  user_config: {
    wind_unit: { type: "string", title: "WIND_UNIT", description: "The unit", default: "knots" },
  },
});

/** A server of two tools as a build leaves it; its start writes `started.json` in its folder. */
export function builtServer(name = "wind-server", tools = ["first_tool", "second_tool"]): Project {
  const lock = {
    name,
    title: "Wind",
    version: "1.2.3",
    port: 3456,
    variables: { WIND_KEY: { secret: true }, WIND_UNIT: {} },
    toolsets: {},
    tools: tools.map(tool),
  };
  const dir = join(
    tempFolder({
      [`servers/${name}/package.json`]: JSON.stringify(packageOf(name)),
      [`servers/${name}/manifest.json`]: JSON.stringify(manifestOf(name)),
      [`servers/${name}/tools.lock.json`]: JSON.stringify(lock),
      [`servers/${name}/dist/stdio.cjs`]: entry("stdio"),
      [`servers/${name}/dist/http.js`]: entry("http"),
    }),
    "servers",
    name,
  );
  return { name, dir, kind: "server", toolsDir: dir };
}
