import { fileURLToPath } from "node:url";
import { parseConfig } from "#shared/core/config.ts";
import type { Instance, OpenOptions, ServerEvent } from "#shared/core/contract.ts";
import { createLog } from "#shared/core/log.ts";
import { withFetch } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { Activity } from "./activity/activity.ts";
import { aggregateEvent } from "./aggregate/events.ts";
import { aggregateInstance } from "./aggregate/instance.ts";
import { aggregateModule } from "./aggregate/module.ts";
import { config } from "./config.ts";
import { isServing, type Mount } from "./mounts/mount.ts";
import { MountSet } from "./mounts/mounts.ts";
import { watchCrashes } from "./mounts/scope.ts";
import { openPins } from "./pins/open.ts";
import { Guard } from "./policy/guard.ts";
import type { MountView } from "./policy/mount-view.ts";
import { viewsOf } from "./policy/views.ts";
import { chooseSettings } from "./settings/choose.ts";
import { packageFolder, siblingServers } from "./settings/folders.ts";

let mounts: () => readonly MountView[] = () => [];

/** All servers as one, for stdio and for hosts that look for an exported object. Opening it mounts them. */
export const server = withFetch(aggregateModule(manifest, () => mounts(), open));

export default server;

/**
 * For an entry that has the process to itself: what a mount leaves uncaught restarts that mount. Here,
 * because the stdio entry is built apart and would have a copy of its own of what tells mounts apart.
 */
export function watchMounts(onUnattributed: (error: unknown) => void): void {
  watchCrashes(createLog({ level: "info", fields: { server: manifest.name } }), onUnattributed);
}

async function open({ env, onEvent, now = () => new Date() }: OpenOptions): Promise<Instance> {
  const { values, secrets } = parseConfig(config, env);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: manifest.name } });
  const choice = {
    file: values.GATEWAY_CONFIG,
    root: process.cwd(),
    servers: siblingServers(packageFolder(fileURLToPath(import.meta.url))),
  };
  const { name, version } = manifest;
  const settings = chooseSettings(choice, env);
  const activity = new Activity();
  const set = new MountSet({
    specs: settings.mounts,
    env,
    log,
    client: { name, version },
    listener: {
      onStatus: (one) => {
        const { name: mount, status } = one;
        const { state, reason } = status;
        pins?.observe(one);
        log[isServing(status) ? "debug" : "warn"]("mount", { mount, state, reason });
      },
      onEvent: (mount, event) => publish(mount, event),
    },
  });
  const publish = (mount: Mount, event: ServerEvent) => {
    pins?.observe(mount);
    onEvent?.(aggregateEvent(mount.prefix, event));
  };
  const pins = openPins({ settings, set, activity, log, onChange: publish });
  const guard = new Guard(activity);
  mounts = viewsOf({ mounts: () => set.all, guard, pins }, {}, "aggregate");
  await set.startLazily();
  const identity = { name, version, startedAt: now().getTime(), now };
  return Object.assign(aggregateInstance(mounts, identity), { close: () => set.close() });
}
