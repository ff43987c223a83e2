import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildServers } from "./build/build.ts";
import { SharedError } from "./copy/errors.ts";
import { findProjects, type Project } from "./projects.ts";
import { stopChildrenOnSignal } from "./run.ts";

export interface StartOptions {
  root: string;
  /** Handed to the gateway as they are. */
  argv: readonly string[];
  /** The servers beside the gateway that are built and mounted; absent, all. */
  only?: readonly string[] | undefined;
  write: (line: string) => void;
}

/** What `servers/gateway/dist/gateway.js` exports. */
type RunGateway = (options: {
  argv: readonly string[];
  root: string;
  /** Folders of the servers it mounts when there is no gateway.json. */
  servers: readonly string[];
}) => Promise<unknown>;

const GATEWAY = "gateway";

/** Builds the gateway when it is stale, then runs what its command line says: a command, or serving. */
export async function runGatewayCommand({
  root,
  argv,
}: Omit<StartOptions, "write">): Promise<void> {
  const gateway = findProjects(root).find(({ name }) => name === GATEWAY);
  if (!gateway) throw new SharedError("There is no gateway here");
  const [result] = await build([gateway], () => {});
  if (result?.kind === "failed")
    throw new SharedError("The gateway does not build: run pnpm build gateway");
  const runGateway = await loadGateway(gateway.dir);
  const servers = findProjects(root).filter(
    ({ kind, name }) => kind === "server" && name !== GATEWAY,
  );
  await runGateway({ argv, root, servers: servers.map(({ dir }) => dir) });
}

/** Builds what is stale, then runs the gateway in this process. A server that does not build is left out. */
export async function start({ root, argv, only, write }: StartOptions): Promise<void> {
  const servers = findProjects(root).filter(
    ({ kind, name }) => kind === "server" && (!only || name === GATEWAY || only.includes(name)),
  );
  write(`Building what changed in ${servers.length} servers`);
  const onlyNews = (line: string) => line.startsWith("current ") || write(line);
  const results = await build(servers, onlyNews);
  const ready = results.filter(({ kind }) => kind !== "failed").map(({ server }) => server);
  const gateway = ready.find(({ name }) => name === GATEWAY);
  if (!gateway) throw new SharedError("There is no gateway to start: it is missing or not built");
  const mounted = ready.filter((server) => server !== gateway).map(({ dir }) => dir);
  const runGateway = await loadGateway(gateway.dir);
  await runGateway({ argv, root, servers: mounted });
}

/** Until all is built a signal ends the bundlers; after that it is the gateway's. */
async function build(servers: readonly Project[], write: (line: string) => void) {
  const letGo = stopChildrenOnSignal();
  try {
    return await buildServers(servers, { onlyStale: true, write });
  } finally {
    letGo();
  }
}

export async function loadGateway(folder: string): Promise<RunGateway> {
  const file = join(folder, "dist", "gateway.js");
  if (!existsSync(file)) throw new SharedError(`${file} is missing: run pnpm build gateway`);
  const { runGateway }: { runGateway?: RunGateway } = await import(pathToFileURL(file).href);
  if (typeof runGateway === "function") return runGateway;
  throw new SharedError(`${file} exports no runGateway: run pnpm build gateway`);
}
