import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Env, loadEnvironment } from "#shared/mcp/environment.ts";
import type { PackageSpec } from "../settings/spec.ts";
import { importFresh } from "./fresh-import.ts";
import { readLock } from "./lockfile.ts";
import { instanceOf, serverOf } from "./module-check.ts";
import type { Connector } from "./mount.ts";
import { MountError } from "./mount-error.ts";

/** Variables of the gateway itself; its keys are no business of a server. */
const OWN_PREFIX = "GATEWAY_";

/**
 * The environment of one mount: what its entry declares wins over what the gateway was started
 * with, and that over the `.env` of the server's folder, which is read in local runs only.
 */
export function mountEnvironment({ env, folder }: PackageSpec, process: Env): Env {
  const passed = Object.fromEntries(
    Object.entries(process).filter(([name]) => !name.startsWith(OWN_PREFIX)),
  );
  return { ...loadEnvironment(passed, folder), ...env };
}

/** Loads a server's folder into this process. What it throws is contained; what it blocks is not. */
export function packageConnector(spec: PackageSpec, process: Env): Connector {
  const file = join(spec.folder, "dist", "server.js");
  return {
    lastKnown: () => readLock(spec.folder, mountEnvironment(spec, process)),
    connect: async ({ onEvent }) => {
      if (!existsSync(spec.folder)) throw new MountError(`there is no folder ${spec.folder}`);
      if (!existsSync(file))
        throw new MountError(
          `${file} does not exist: build the server (npm run build in its folder)`,
        );
      const module = serverOf(await importFresh(file));
      const env = mountEnvironment(spec, process);
      return { module, instance: instanceOf(await module.open({ env, onEvent })) };
    },
  };
}
