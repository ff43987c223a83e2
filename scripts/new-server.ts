// pnpm new-server <name> [options]: writes a new server that passes everything from the start.
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { shortName } from "./lib/generate/facts.ts";
import { parseModules, parsePort, planServer } from "./lib/new-server.ts";
import { makeServer } from "./lib/new-server-steps.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm new-server <name> [--title <text>] [--port <n>] [--shared <modules>]

Writes servers/<name> after greet-server: one example tool, its tests, both entries, a README. Then
copies the shared code, installs, and generates what follows from the definition. The name is lower
case with hyphens and ends in "-server".

  --title <text>      as people read it (default: the name in words)
  --port <n>          of its HTTP entry (default: the next that no server has)
  --shared <modules>  modules of shared/ it takes beside those of greet-server, between commas`;

/** The place of each thing one does next. */
const nextSteps = (name: string) => `
Next:
  servers/${name}/src/tools/     one file a tool: replace the example, and its test in tests/
  servers/${name}/src/server.ts  name the tools; say in "instructions" what a model should know
  servers/${name}/package.json   its description
  servers/${name}/README.md      what it is and how to run it
  pnpm generate ${shortName(name)} && pnpm test ${shortName(name)}
  pnpm dev ${shortName(name)} --http`;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { title: { type: "string" }, port: { type: "string" }, shared: { type: "string" } },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError("give one name");
  const server = planServer(repositoryRoot, {
    name,
    title: values.title,
    port: parsePort(values.port),
    shared: parseModules(values.shared),
  });
  stopChildrenOnSignal();
  await makeServer(repositoryRoot, server, console.log);
  console.log(nextSteps(name));
  return true;
});
