// scripts/check-deploy.ts: every file that is written for a host, by the host's schema.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { checkDeployFiles } from "./lib/deploy/checks/check.ts";
import { repositoryRoot } from "./lib/projects.ts";

const usage = `Usage: node --import tsx scripts/check-deploy.ts

Checks the Dockerfile, deploy/, .railway/, server.json and manifest.json of every server: Kubernetes
and Railway by their types, Dockerfiles by a parser, the others by the schema of their host.`;

await main(usage, async (argv) => {
  parseArgs({ args: argv, options: {} });
  const { files, problems } = await checkDeployFiles(repositoryRoot);
  for (const problem of problems) console.log(problem);
  console.log(`${files} files checked, ${problems.length} problems`);
  return problems.length === 0;
});
