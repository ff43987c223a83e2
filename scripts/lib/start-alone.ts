import { once } from "node:events";
import { join } from "node:path";
import { buildServers } from "./build/build.ts";
import { SharedError } from "./copy/errors.ts";
import { findProjects, type Project } from "./projects.ts";
import { spawnGroup } from "./run.ts";

/** Servers that run over HTTP each in a process of its own, at the port of its package.json. */
export const ALONE = {
  core: ["make-core-server"],
  analytics: ["make-analytics-server"],
  both: ["make-core-server", "make-analytics-server"],
} as const satisfies Record<string, readonly string[]>;

/** The gateway's file for both behind one address, under the names their tools have. */
export const LEGACY_FILE = join("scripts", "legacy", "gateway.json");
export const LEGACY_SERVERS: readonly string[] = ALONE.both;

export interface StartAloneOptions {
  root: string;
  names: readonly string[];
  /** Of the first server, the next ones count on; 0 is any that is free. Absent, that of each package.json. */
  port?: number | undefined;
  write: (line: string) => void;
}

/**
 * Runs servers beside each other until all have ended; true when each ended with 0. None has a stdin,
 * so that none can take what is meant for another, and the end of one is no concern of the others.
 */
export async function startAlone({
  root,
  names,
  port,
  write,
}: StartAloneOptions): Promise<boolean> {
  const servers = await buildNamed(root, names, write);
  // PORT is one; two servers cannot both have it
  const { PORT: _, ...shared } = process.env;
  const ends = servers.map(async ({ name, dir }, index) => {
    const own = port === undefined ? {} : { PORT: String(port && port + index) };
    const child = spawnGroup(process.execPath, ["dist/http.js"], {
      cwd: dir,
      env: { ...shared, ...own },
      stdio: ["ignore", "inherit", "inherit"],
    });
    write(`${name} runs as process ${child.pid}`);
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    write(`${name} ended with ${signal ?? code}`);
    return code === 0;
  });
  return (await Promise.all(ends)).every(Boolean);
}

/** Builds what changed of the named servers; throws when one is missing or does not build. */
async function buildNamed(
  root: string,
  names: readonly string[],
  write: (line: string) => void,
): Promise<Project[]> {
  const all = findProjects(root);
  const servers = names.flatMap((name) => all.find((server) => server.name === name) ?? []);
  const missing = names.filter((name) => !servers.some((server) => server.name === name));
  if (missing.length > 0) throw new SharedError(`There is no ${missing.join(", no ")}`);
  const onlyNews = (line: string) => line.startsWith("current ") || write(line);
  const results = await buildServers(servers, { onlyStale: true, write: onlyNews });
  const failed = results.filter(({ kind }) => kind === "failed").map(({ server }) => server.name);
  if (failed.length > 0) throw new SharedError(`${failed.join(", ")} did not build`);
  return servers;
}
