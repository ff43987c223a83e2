// pnpm rolling-update: replicas and gateways behind nginx are renewed under load, and no call fails.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { countFrom, main } from "./lib/args.ts";
import { buildServers } from "./lib/build/build.ts";
import { SharedError } from "./lib/copy/errors.ts";
import { findProjects, repositoryRoot } from "./lib/projects.ts";
import { isListening, startFleet } from "./lib/rolling/fleet.ts";
import { addUnderLoad, type LoadReport, percentile } from "./lib/rolling/load.ts";
import { NGINX } from "./lib/rolling/nginx.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm rolling-update [--replicas 3] [--gateways 2] [--callers 32] [--redis URL]

Starts replicas of math-server and gateways that mount their common address, nginx before both, and
lets callers of both protocol eras add numbers through all of it. Meanwhile every process is ended
with SIGTERM and started again, one after another. Fails when a call did, or gave a wrong sum.

  --redis URL  where the gateways share their limits; redis://127.0.0.1:6379 when somebody is there`;

const REDIS = "redis://127.0.0.1:6379";
const MOST = 64;
/** Of the failures. */
const SHOWN = 10;

/** Before the first and after the last is renewed. */
const STEADY_MS = 2_000;
const steady = () => new Promise((resolve) => setTimeout(resolve, STEADY_MS));

await main(usage, async (argv) => {
  const options = {
    replicas: { type: "string", default: "3" },
    gateways: { type: "string", default: "2" },
    callers: { type: "string", default: "32" },
    redis: { type: "string" },
  } as const;
  const { values } = parseArgs({ args: argv, options });
  const replicas = countFrom("--replicas", values.replicas, MOST);
  const gateways = countFrom("--gateways", values.gateways, MOST);
  const callers = countFrom("--callers", values.callers, MOST);
  if (!NGINX) throw new SharedError("nginx is not there: apt-get install nginx-light");
  stopChildrenOnSignal();
  const names = ["math-server", "gateway"];
  const projects = findProjects(repositoryRoot).filter(({ name }) => names.includes(name));
  const built = await buildServers(projects, { onlyStale: true, write: console.log });
  if (built.some(({ kind }) => kind === "failed")) return false;
  const redisUrl = values.redis ?? ((await isListening(REDIS)) ? REDIS : undefined);
  const [server = "", gateway = ""] = names.map((name) =>
    join(repositoryRoot, "servers", name, "dist"),
  );
  const fleet = await startFleet({ server, gateway, replicas, gateways, redisUrl });
  console.log(
    `${replicas} replicas, ${gateways} gateways, ${callers} callers, Redis: ${redisUrl ?? "none"}`,
  );
  const stopLoad = addUnderLoad(fleet.url, callers);
  let report: LoadReport;
  try {
    await steady();
    await fleet.update((name) => console.log(`renewed ${name}`));
    await steady();
  } finally {
    report = await stopLoad();
    await fleet.stop();
  }
  const { calls, failures, times } = report;
  for (const failure of failures.slice(0, SHOWN)) console.log(`FAILED ${failure}`);
  const ms = (share: number) => `${percentile(times, share).toFixed(0)} ms`;
  console.log(`p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, slowest ${ms(1)}`);
  console.log(`${calls} calls, ${failures.length} failed`);
  return failures.length === 0;
});
