// pnpm fleet: one table of every server.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { describeFleet, formatFleet, isBuilt } from "./lib/fleet/fleet.ts";
import { findProjects, type Project, repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";
import { cannotMeasure, measureStarts, type StartRatio } from "./lib/start-ratio.ts";
import { inTempFolder } from "./lib/temp-folder.ts";
import { TOKEN_METHOD } from "./lib/tokens.ts";

/** Starts of each server: a median of so few tells the size of a figure, not its last digit. */
const ROUNDS = 5;

const usage = `Usage: pnpm fleet [--no-start] [--json]

One line a server: version, tools that are shown, what they cost in tokens, bytes of its bundle, CPU
of a start over stdio to the first list and the first call in times of "node -e 0", how far its copy
of shared code is behind, deploy targets, and when "pnpm smoke" last met it from here, and how.

  --no-start  does not start the servers
  --json      everything there is to know, as JSON`;

await main(usage, async (argv) => {
  const { values } = parseArgs({
    args: argv,
    options: {
      "no-start": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  stopChildrenOnSignal();
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const starts = values["no-start"] ? new Map<string, StartRatio>() : await startsOf(servers);
  const ships = describeFleet(repositoryRoot, servers, starts);
  if (values.json) {
    console.log(JSON.stringify(ships, null, 2));
    return true;
  }
  for (const line of formatFleet(ships, new Date())) console.log(line);
  console.log(
    `\ntokens: ${TOKEN_METHOD}\nstart, call: medians of ${ROUNDS}, CPU of "node -e 0" is 1`,
  );
  return true;
});

async function startsOf(servers: readonly Project[]): Promise<Map<string, StartRatio>> {
  const why = cannotMeasure();
  if (why !== undefined) {
    console.error(`starts are not measured: ${why}`);
    return new Map();
  }
  return inTempFolder(async (scratch) => {
    return await measureStarts(servers.filter(isBuilt), scratch, ROUNDS, console.error);
  });
}
