import type { ToolListing } from "#shared/core/contract.ts";
import { isAllowed, matches } from "../mounts/filter.ts";
import type { Mount } from "../mounts/mount.ts";
import type { ProfileSpec } from "../settings/spec.ts";

/** Who asks, as far as it decides what there is for them. */
export interface Viewer {
  /** The view that the address stands for; absent: everything that is mounted. */
  profile?: ProfileSpec | undefined;
}

/** Whether a server is there at all for a viewer. */
export const maySee = ({ profile }: Viewer, mount: Pick<Mount, "name">): boolean =>
  profile?.servers === undefined || matches(mount.name, profile.servers);

/**
 * Whether a viewer may know of a tool and call it. The one place where that is decided: lists, calls,
 * search and REST all ask here, and what is refused is as if it did not exist. `tool` is absent when
 * its server was never seen.
 */
export function mayUse(
  viewer: Viewer,
  mount: Pick<Mount, "name">,
  joined: string,
  tool: ToolListing | undefined,
): boolean {
  const { profile } = viewer;
  if (!profile) return true;
  if (!maySee(viewer, mount) || !isAllowed(joined, profile.tools)) return false;
  return !profile.readOnly || tool?.annotations?.readOnlyHint === true;
}
