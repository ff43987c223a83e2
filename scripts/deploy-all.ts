// pnpm deploy-all [--tier|--client|--server] [--env] [--target] [--plan]: ships what somebody gets.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { choose, inNoTier, type Servers } from "./lib/deploy/choose.ts";
import { readDeploymentConfig } from "./lib/deploy/config.ts";
import { contentHash } from "./lib/deploy/content-hash.ts";
import { deployAll } from "./lib/deploy/deploy.ts";
import { environmentNamed, makePlan, type Planned } from "./lib/deploy/plan.ts";
import { showPlan } from "./lib/deploy/show.ts";
import { readState, stateFile } from "./lib/deploy/state.ts";
import { TARGETS } from "./lib/deploy/targets/all.ts";
import { imageSteps } from "./lib/deploy/targets/container.ts";
import type { ServerFacts } from "./lib/generate/facts.ts";
import { loadFacts } from "./lib/generate/load-facts.ts";
import { findProjects, type Project, repositoryRoot } from "./lib/projects.ts";
import { runNode, stopChildrenOnSignal } from "./lib/run.ts";
import { messageOf } from "./lib/unknown.ts";

const usage = `Usage: pnpm deploy-all [--tier T | --client C] [--server S] [--env E] [--target K] [--plan]

Deploys servers as deployment-config.json has them: those of a tier, of a client in instances of their
own, or one server; without a choice, what every client has. Only what changed since the last time is
deployed, by the host's own program. One failure does not stop the rest.

  --env E      an environment of deployment-config.json; staging unless told
  --target K   instead of the environment's: ${Object.keys(TARGETS).join(", ")}
  --plan       only says what would be deployed where, and at what cost; needs no account
  --commands   with --plan: also the commands
  --images     only the images that would be deployed, one a line
  --pushed     the images are in their registry already
  --url U      where an instance answers, for the look at it afterwards: https://{instance}.example.com/mcp
  --force      also what has not changed
  --back       brings back what ran before`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const options = {
  tier: text,
  client: text,
  server: text,
  env: { type: "string", default: "staging" },
  target: text,
  plan: flag,
  commands: flag,
  images: flag,
  pushed: flag,
  url: text,
  force: flag,
  back: flag,
} as const;

const stepsOf = ({ target, shipment }: Planned) => [
  ...(target.pullsImage ? imageSteps(shipment) : []),
  ...target.steps(shipment),
];

/** One that does not load is named, and keeps nobody else from being deployed. */
async function loadServers(projects: readonly Project[]): Promise<Servers> {
  const loaded: ServerFacts[] = [];
  const broken: string[] = [];
  for (const project of projects) {
    try {
      loaded.push(await loadFacts(project));
    } catch (error) {
      broken.push(project.name);
      console.error(`warning: ${project.name}: ${messageOf(error)}`);
    }
  }
  return { loaded, broken };
}

await main(usage, async (argv) => {
  const { values } = parseArgs({ args: argv, options });
  // who asks to see the commands does not ask to run them
  if (values.commands && !values.plan) throw new UsageError("--commands goes with --plan");
  stopChildrenOnSignal();
  const root = repositoryRoot;
  const config = readDeploymentConfig(root);
  const projects = findProjects(root).filter(({ kind }) => kind === "server");
  const servers = await loadServers(projects);
  const file = stateFile(root, values.env);
  const inputs = {
    config,
    environment: values.env,
    target: values.target,
    hashOf: ({ name }: { name: string }) => contentHash(join(root, "servers", name)),
  };
  const { url = environmentNamed({ ...inputs, state: {} }).url } = values;
  if (url !== undefined && !url.includes("{instance}")) {
    throw new UsageError("--url has no {instance} in it");
  }
  const groups = makePlan(choose(config, servers, values), { ...inputs, state: readState(file) });
  for (const name of inNoTier(config, servers)) console.error(`warning: ${name} is in no tier`);
  if (values.images) {
    const planned = groups.flatMap((group) => group.planned);
    for (const image of new Set(planned.map(({ shipment }) => shipment.image))) console.log(image);
    return true;
  }
  if (values.plan) {
    console.log(`environment ${values.env}`);
    const lines = showPlan(groups, config.currency, values.commands ? stepsOf : undefined);
    for (const line of lines) console.log(line);
    return groups.every(
      ({ planned, broken }) => broken.length === 0 && planned.every(({ refused }) => !refused),
    );
  }
  const smoke = ({ shipment: { instance, facts } }: Planned) => {
    const address = (url ?? "").replaceAll("{instance}", instance);
    const script = join(root, "scripts", "smoke.ts");
    return runNode(["--import", "tsx", script, address, "--server", facts.name], { cwd: root });
  };
  const { force, back, pushed } = values;
  return deployAll(groups, {
    ...{ root, projects, stateFile: file, env: process.env, force, back, pushed },
    smoke: url === undefined ? undefined : smoke,
    write: console.log,
  });
});
