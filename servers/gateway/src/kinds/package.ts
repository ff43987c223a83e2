import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Env, loadEnvironment } from "#shared/mcp/environment.ts";
import { instanceOf, serverOf } from "../mounts/module-check.ts";
import type { Connector } from "../mounts/mount.ts";
import { MountError } from "../mounts/mount-error.ts";
import type { PackageSpec } from "../settings/spec.ts";
import { importFresh } from "./fresh-import.ts";
import { readLock } from "./lockfile.ts";

/** Variables of the gateway itself; its keys are no business of a server. */
const OWN_PREFIX = "GATEWAY_";

/**
 * The environment of one mount: what its entry declares wins over what the gateway was started
 * with, and that over the `.env` of the server's folder, which is read in local runs only.
 */
export function mountEnvironment(
  { env, folder }: PackageSpec,
  process: Env,
): Record<string, string> {
  const passed = Object.fromEntries(
    Object.entries(process).filter(([name]) => !name.startsWith(OWN_PREFIX)),
  );
  const all = Object.entries({ ...loadEnvironment(passed, folder), ...env });
  return Object.fromEntries(
    all.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const serverFile = ({ folder }: PackageSpec): string => join(folder, "dist", "server.js");

/** The built server of a folder. Throws a MountError that says what to do when there is none. */
export function builtServer(spec: PackageSpec): string {
  const file = serverFile(spec);
  if (!existsSync(spec.folder)) throw new MountError(`there is no folder ${spec.folder}`);
  if (!existsSync(file))
    throw new MountError(`${file} does not exist: build the server (npm run build in its folder)`);
  return file;
}

/** Undefined when nothing is known, for whatever reason: to connect says why. */
export function lastKnownOf(spec: PackageSpec, process: Env) {
  try {
    return readLock(spec.folder, mountEnvironment(spec, process));
  } catch {
    return undefined;
  }
}

/** Loads a server's folder into this process. What it throws is contained; what it blocks is not. */
export function packageConnector(spec: PackageSpec, process: Env): Connector {
  return {
    lastKnown: () => lastKnownOf(spec, process),
    connect: async ({ onEvent }) => {
      const module = serverOf(await importFresh(builtServer(spec)));
      const env = mountEnvironment(spec, process);
      return { module, instance: instanceOf(await module.open({ env, onEvent })) };
    },
  };
}
