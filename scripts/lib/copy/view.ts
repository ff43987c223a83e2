import { type Lock, readLock } from "./lock.ts";
import { filesOf, type Module, type SourceFile, withNeeds } from "./modules.ts";
import { type PackageDifference, packageDifferences } from "./packages.ts";
import { modulesAskedBy, readManifest, type Server } from "./servers.ts";
import { type Step, stateOf, strangers } from "./state.ts";

export interface View {
  readonly server: Server;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly lock: Lock;
  readonly steps: readonly Step[];
  readonly packages: readonly PackageDifference[];
}

/** One server as it stands: nothing is decided yet about files that were renamed. */
export function viewServer(server: Server, all: readonly Module[]): View {
  const manifest = readManifest(server);
  const modules = withNeeds(all, modulesAskedBy(manifest));
  const files = filesOf(modules);
  const lock = readLock(server.folder);
  const folders = ["src/shared", "tests/shared", ...modules.map(({ folder }) => folder)];
  const known = (path: string) => files.has(path) || lock.has(path);
  return {
    server,
    files,
    lock,
    steps: [
      ...stateOf(server.folder, files, lock),
      ...strangers(server.folder, folders.filter(Boolean), known),
    ],
    packages: packageDifferences(manifest, modules),
  };
}
