import type { Log, ServerEvent } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import { lockedHashes } from "../kinds/lockfile.ts";
import type { Mount } from "../mounts/mount.ts";
import type { MountSet } from "../mounts/mounts.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import { EVENT_OF } from "./definitions.ts";
import { Pins } from "./pins.ts";
import { filePins } from "./store.ts";

export interface OpenPinsOptions {
  settings: GatewaySettings;
  set: MountSet;
  activity: Activity;
  log: Log;
  onChange(mount: Mount, event: ServerEvent): void;
}

/** The pins of a gateway's mounts, when its settings want them. Throws a StartError when their file is wrong. */
export function openPins(options: OpenPinsOptions): Pins | undefined {
  const { settings, set, activity, log, onChange } = options;
  if (!settings.pins) return undefined;
  const { file, added } = settings.pins;
  return new Pins({
    store: filePins(file),
    lockOf: (server) => {
      const spec = set.specOf(server);
      return spec?.kind === "package" ? lockedHashes(spec.folder) : undefined;
    },
    showAdded: added === "show",
    activity,
    log,
    onChange: (server, kinds) => {
      const mount = set.find(server);
      const events = new Set(kinds.flatMap((kind) => EVENT_OF[kind] ?? []));
      if (mount) for (const kind of events) onChange(mount, { kind });
    },
  });
}
