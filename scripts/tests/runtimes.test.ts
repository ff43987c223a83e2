import { beforeAll, describe, expect, test } from "vitest";
import { buildServers } from "../lib/build/build.ts";
import { freePorts } from "../lib/free-ports.ts";
import { loadFacts } from "../lib/generate/load-facts.ts";
import { findProjects, repositoryRoot } from "../lib/projects.ts";
import { answerOn, RUNTIMES, type Runtime, runtimesAreInstalled } from "../runtimes/runtimes.ts";

const projects = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
/** One that is as small as they come; one that computes, and one that calls others. */
const TRIED: readonly [Runtime["target"], string][] = [
  ["cloudflare-workers", "greet-server"],
  ["cloudflare-workers", "math-server"],
  ["deno", "greet-server"],
  ["deno", "weather-server"],
];

describe.skipIf(!runtimesAreInstalled())(
  "the runtimes of hosts (npx -y pnpm@12 --dir scripts/runtimes install)",
  () => {
    const cases = TRIED.flatMap(([where, name]) => {
      const server = projects.find((one) => one.name === name);
      const runtime = RUNTIMES.find((one) => one.target === where);
      return server && runtime ? [{ where, name, server, runtime }] : [];
    });
    beforeAll(async () => {
      const servers = [...new Set(cases.map(({ server }) => server))];
      await buildServers(servers, { onlyStale: true, write: () => {} });
    }, 120_000);

    test.each(cases)(
      "$name answers both eras on $where",
      async ({ runtime, server }) => {
        const { deploy } = await loadFacts(server);
        expect(deploy.targets).toContain(runtime.target);
        const [port = 0] = await freePorts(1);
        await answerOn(runtime, server, port);
      },
      120_000,
    );
  },
);
