import type { JsonObject } from "../copy/json.ts";
import type { NamedTool } from "./write-tool.ts";

const SECRET = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/;

export const renderOriginal = (entry: string): string =>
  `import { wrapOriginal } from "#shared/bridge/original.ts";

/** The server as it was written elsewhere; it is loaded when a call needs it. */
export const original = wrapOriginal(() => import("./original/${entry}"));
`;

export function renderConfig(variables: readonly string[]): string {
  const lines = variables.map((name) => {
    const secret = SECRET.test(name) ? ", secret: true" : "";
    return `  ${name}: { schema: z.string().optional(), describe: "Read by the imported code"${secret} },`;
  });
  return `import * as z from "zod";
import { defineConfig } from "#shared/core/config.ts";

export const config = defineConfig({
${lines.join("\n")}
});
`;
}

export function renderServer(
  tools: readonly NamedTool[],
  instructions: string,
  hasConfig: boolean,
): string {
  const imports = tools.map(
    ({ file, identifier }) => `import { ${identifier} } from "./tools/${file}.ts";`,
  );
  const list = tools.map(({ identifier }) => identifier).join(", ");
  return `import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
${hasConfig ? `import { config } from "./config.ts";\n` : ""}${imports.sort().join("\n")}

export const server = defineServer({
  manifest,
  instructions: ${JSON.stringify(instructions)},
${hasConfig ? "  config,\n" : ""}  tools: [${list}],
});

export default server;
`;
}

/** Whether what is defined here is what the imported code lists, as long as that is used. */
export function renderToolsTest(env: Readonly<Record<string, string>>): string {
  const set = Object.entries(env).map(
    ([name, value]) => `  vi.stubEnv(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  return `import { expect, test${set.length > 0 ? ", vi" : ""} } from "vitest";
import { original } from "../src/original.ts";
import { server } from "../src/server.ts";

test("defines the tools that the imported server lists, with the same inputs", async () => {
${set.join("")}  const { tools } = await original.request("tools/list");
  const inputs = (tool: { name: string; inputSchema: { properties?: object } }) => [
    tool.name,
    Object.keys(tool.inputSchema.properties ?? {}).sort(),
  ];
  const defined = server.tools.map(({ listing }) => inputs(listing));
  expect(defined).toEqual(Array.isArray(tools) ? tools.map(inputs) : tools);
});
`;
}

export function renderContractTest(
  example: string,
  hasConfig: boolean,
  exceptions: readonly string[],
): string {
  const reason = "As it was imported: see IMPORT.md";
  const lines = exceptions.map((key) => `    ${JSON.stringify(key)}: ${JSON.stringify(reason)},`);
  return `${hasConfig ? `import { config } from "../src/config.ts";\n` : ""}import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

describeContract(server, {
  example: ${example},
${hasConfig ? "  config,\n" : ""}  exceptions: {
${lines.join("\n")}
  },
});
`;
}

export const renderReadme = (name: string, description: string, from: string): string =>
  `# ${name}

${description}

Imported from ${from}; [IMPORT.md](IMPORT.md) says what is left to do by hand.

## Run

In this folder, with Node 20.19 or later:

\`\`\`sh
npx -y pnpm@12 install
npx -y pnpm@12 run build
node dist/stdio.cjs
\`\`\`

## Tools

<!-- generated:tools -->
<!-- /generated -->

## Configuration

<!-- generated:config -->
<!-- /generated -->
`;

/** What package.json says of the imported server where ours says something else. */
export const describedBy = ({ description, name }: JsonObject): string => {
  const text = typeof description === "string" ? description.trim() : "";
  return text === "" ? `Imported from ${String(name)}` : text;
};
