import type { ToolListing } from "#shared/core/contract.ts";
import { matches } from "../mounts/filter.ts";
import type { Mount } from "../mounts/mount.ts";
import type { ProfileSpec } from "../settings/spec.ts";
import { type Grants, grantsAll, grantsSee, grantsUse, isMeant } from "./grants.ts";

/** Who asks, as far as it decides what there is for them. */
export interface Viewer {
  /** The view that the address stands for; absent: everything that is mounted. */
  profile?: ProfileSpec | undefined;
  /** What the principal is let to; absent: everything. */
  grants?: Grants | undefined;
}

type Named = Pick<Mount, "name" | "prefix">;

/** Whether a server is there at all for a viewer. */
export const maySee = ({ profile, grants }: Viewer, { name }: Named): boolean =>
  (profile?.servers === undefined || matches(name, profile.servers)) &&
  (grants === undefined || grantsSee(grants, name));

/**
 * Whether a viewer may know of a tool and call it. The one place where that is decided: `MountView`
 * asks here, every surface is made of those, and what is refused is as if it did not exist. `listing`
 * is absent when its server was never seen.
 */
export function mayUse(
  viewer: Viewer,
  mount: Named,
  tool: string,
  listing: ToolListing | undefined,
): boolean {
  const { profile, grants } = viewer;
  if (!maySee(viewer, mount)) return false;
  if (grants && !grantsUse(grants, mount.name, tool)) return false;
  if (!profile) return true;
  const { allow, deny } = profile.tools;
  if (isMeant(deny, mount.name, tool)) return false;
  if (allow && !isMeant(allow, mount.name, tool)) return false;
  return !profile.readOnly || listing?.annotations?.readOnlyHint === true;
}

/** Whether a viewer may read what a server has beside tools. */
export const mayRead = (viewer: Viewer, mount: Named): boolean =>
  maySee(viewer, mount) && (viewer.grants === undefined || grantsAll(viewer.grants, mount.name));
