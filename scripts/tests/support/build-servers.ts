import { buildServers } from "../../lib/build/build.ts";
import { findProjects, repositoryRoot } from "../../lib/projects.ts";

/** Once before all tests, because several of them run what is built, side by side. */
export default async function setup(): Promise<void> {
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const results = await buildServers(servers, { onlyStale: true, write: () => {} });
  const failed = results.flatMap((result) =>
    result.kind === "failed" ? [`${result.server.name}: ${result.reason}`] : [],
  );
  if (failed.length > 0) throw new Error(`Not every server could be built:\n${failed.join("\n")}`);
}
