import { fileURLToPath } from "node:url";
import { parseConfig } from "#shared/core/config.ts";
import type { Instance, OpenOptions, ServerEvent } from "#shared/core/contract.ts";
import { createLog } from "#shared/core/log.ts";
import { sourceOf } from "#shared/mcp/answers.ts";
import { withFetch } from "#shared/mcp/define-server.ts";
import type { Env } from "#shared/mcp/environment.ts";
import manifest from "../package.json" with { type: "json" };
import { Activity } from "./activity/activity.ts";
import { aggregateEvent } from "./aggregate/events.ts";
import { aggregateInstance } from "./aggregate/instance.ts";
import { aggregateModule } from "./aggregate/module.ts";
import { openAudit } from "./audit/audit.ts";
import { config } from "./config.ts";
import { LocalLimiter } from "./limits/gcra.ts";
import { limitsOf } from "./limits/open.ts";
import { isServing, type Mount } from "./mounts/mount.ts";
import { MountSet } from "./mounts/mounts.ts";
import { watchCrashes } from "./mounts/scope.ts";
import { openPins } from "./pins/open.ts";
import { type Check, Guard } from "./policy/guard.ts";
import type { MountView } from "./policy/mount-view.ts";
import { viewsOf } from "./policy/views.ts";
import { Inputs } from "./remembered/inputs.ts";
import { noteFiles } from "./remembered/note.ts";
import { rememberLater } from "./remembered/remember.ts";
import { chooseSettings, settingsFile } from "./settings/choose.ts";
import { packageFolder, siblingServers } from "./settings/folders.ts";
import type { GatewaySettings } from "./settings/spec.ts";
import { checkHeld } from "./settings/unheld.ts";
import { guardSteps } from "./steps.ts";

let mounts: () => readonly MountView[] = () => [];

const openedBy = (open: (options: OpenOptions) => Promise<Instance>) =>
  withFetch(aggregateModule(manifest, () => mounts(), open));

/** All servers as one, for stdio and for hosts that look for an exported object. Opening it mounts them. */
export const server = Object.assign(
  openedBy((options) => open(options, "owner")),
  { fetch: openedBy((options) => open(options, "anybody")).fetch },
);

export default server;

let hasProcess = false;

/**
 * For an entry that has the process to itself: what a mount leaves uncaught restarts that mount, and the
 * next process answers as this one. Here, because the stdio entry is built apart and would have a copy of
 * its own of what tells mounts apart.
 */
export function haveProcess(onUnattributed: (error: unknown) => void): void {
  hasProcess = true;
  watchCrashes(createLog({ level: "info", fields: { server: manifest.name } }), onUnattributed);
}

/** Over stdio the caller is the owner, who started the process; whoever calls a handler may be anybody. */
async function open(
  { env, onEvent, now = () => new Date() }: OpenOptions,
  caller: "owner" | "anybody",
): Promise<Instance> {
  const { values, secrets } = parseConfig(config, env);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: manifest.name } });
  const { settings, inputs } = readSettings(values.GATEWAY_CONFIG, env);
  const { name, version } = manifest;
  const keys = values.GATEWAY_KEYS;
  if (caller === "anybody") checkHeld({ ...settings, keys });
  else if (settings.access ?? keys)
    log.warn("Access control is of the HTTP entry: who started this one is let to everything");
  for (const warning of settings.warnings ?? []) log.warn(warning);
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
  const audit =
    settings.audit &&
    (await openAudit({ settings: settings.audit, key: values.GATEWAY_AUDIT_KEY, activity, log }));
  guard.use(ownSteps(settings, audit?.check));
  mounts = viewsOf({ mounts: () => set.all, guard, pins }, {}, "aggregate");
  await set.startLazily();
  const identity = { name, version, startedAt: now().getTime(), now };
  const instance = aggregateInstance(mounts, identity);
  const isKept = hasProcess && values.GATEWAY_REMEMBER && isOfFiles(set);
  const keep = isKept
    ? rememberLater({ inputs, settings, env, source: sourceOf(server, instance), log })
    : undefined;
  const close = async () => {
    keep?.();
    pins?.close();
    await set.close();
    await audit?.close();
  };
  return Object.assign(instance, { close });
}

/** What holds without HTTP: limits are of this process and its one caller. */
const ownSteps = ({ mounts: specs, limits }: GatewaySettings, auditCheck: Check | undefined) =>
  guardSteps({
    mounts: specs,
    limits: limitsOf({ limits }, true),
    limiter: new LocalLimiter(),
    auditCheck,
  });

/** The settings, and all that they and the first lists are made from. */
function readSettings(file: string | undefined, env: Env) {
  const inputs = new Inputs();
  const own = fileURLToPath(import.meta.url);
  const root = packageFolder(own);
  const choice = { file, root, inputs };
  const isFile = settingsFile(choice) !== undefined;
  const servers = isFile ? [] : siblingServers(root, inputs);
  const settings = chooseSettings({ ...choice, servers }, env);
  noteFiles(inputs, settings, own);
  return { settings, inputs };
}

/** What is not known without its server is another list from day to day. */
const isOfFiles = ({ all }: MountSet): boolean => all.every(({ isKnown }) => isKnown);
