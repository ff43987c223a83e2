import { findProjects, repositoryRoot, selectProjects } from "../../lib/projects.ts";

/** The folder names of the servers named, or of all. Throws a UsageError on a name there is not. */
export function serversNamed(names: string[]): string[] {
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  return selectProjects(servers, names).map(({ name }) => name);
}
