import { git, splitPaths } from "./git-files.ts";
import { serverNames } from "./projects.ts";

/** The commit where HEAD left the base, or undefined when git does not know one. */
function mergeBase(root: string, base: string): string | undefined {
  if (base === "" || base.startsWith("-")) return undefined;
  try {
    return git(root, ["merge-base", base, "HEAD"]).trim();
  } catch {
    return undefined;
  }
}

/** What differs from the base: commits, the working tree and new files. */
function changedFiles(root: string, from: string): string[] {
  // Without rename detection a moved file counts for the place it left as well.
  const changed = git(root, ["diff", "--name-only", "--no-renames", "-z", from]);
  const added = git(root, ["ls-files", "--others", "--exclude-standard", "-z"]);
  return [...splitPaths(changed), ...splitPaths(added)];
}

/** The servers a change of these files can affect, out of those there are. */
function serversAffectedBy(files: string[], servers: string[]): string[] {
  const affected = new Set<string>();
  for (const file of files) {
    const [top, name = "", ...rest] = file.split("/");
    if (top === "servers" && rest.length > 0 && servers.includes(name)) affected.add(name);
    // Text for people, beside the code. Everything else can affect every server.
    else if (!/^[^/]+\.md$/i.test(file)) return servers;
  }
  return servers.filter((server) => affected.has(server));
}

/** The servers affected since the base; all of them when the base is not known. */
export function affectedServers(root: string, base: string | undefined): string[] {
  const servers = serverNames(root);
  const from = base === undefined ? undefined : mergeBase(root, base);
  return from === undefined ? servers : serversAffectedBy(changedFiles(root, from), servers);
}
