import { SharedError } from "../copy/errors.ts";
import { runNode } from "../run.ts";
import { emptyEnvironment } from "../standalone/environment.ts";
import type { ListedTool } from "../standalone/raw-client.ts";
import { isRecord } from "../unknown.ts";
import type { Met } from "./todo.ts";

const MEET_SECONDS = 60;
/** The imported code may write to stdout too. */
const MARK = "\u0001met ";

const script = `import { original } from "./src/original.ts";
const all = async (method, key) => (await original.request(method).catch(() => ({})))[key] ?? [];
const met = {
  tools: (await original.request("tools/list")).tools,
  instructions: (await original.opened()).instructions,
  resources: await all("resources/list", "resources"),
  templates: await all("resources/templates/list", "resourceTemplates"),
  prompts: await all("prompts/list", "prompts"),
};
process.stdout.write(${JSON.stringify(`\n${MARK}`)} + JSON.stringify(met) + "\\n", () => process.exit(0));`;

/** Starts the imported server inside its bridge and asks what it offers. */
export async function meetOriginal(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Met & { instructions: string }> {
  const { output } = await runNode(["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: folder,
    env: { ...emptyEnvironment(), ...env },
    timeoutSeconds: MEET_SECONDS,
  });
  const line = output.split("\n").find((one) => one.startsWith(MARK));
  const met: unknown = line === undefined ? undefined : JSON.parse(line.slice(MARK.length));
  if (!isRecord(met) || !Array.isArray(met.tools))
    throw new SharedError(
      `the imported server does not list its tools; give what it needs with --env NAME=value, or what exports it with --entry:\n${output.trim()}`,
    );
  const named = (key: string, what: string) =>
    (Array.isArray(met[key]) ? met[key] : []).map((one: unknown) =>
      isRecord(one) ? `${what} ${String(one.uri ?? one.uriTemplate ?? one.name)}` : what,
    );
  return {
    tools: met.tools.filter(
      (tool: unknown): tool is ListedTool => isRecord(tool) && typeof tool.name === "string",
    ),
    instructions: typeof met.instructions === "string" ? met.instructions : "",
    others: [
      ...named("resources", "resource"),
      ...named("templates", "resource template"),
      ...named("prompts", "prompt"),
    ],
  };
}
