import type { Surface } from "../activity/activity.ts";
import type { Mount } from "../mounts/mount.ts";
import type { Pins } from "../pins/pins.ts";
import type { Guard } from "./guard.ts";
import { MountView } from "./mount-view.ts";
import { maySee, type Viewer } from "./policy.ts";

export interface ViewsOptions {
  mounts: () => readonly Mount[];
  guard: Guard;
  pins: Pins | undefined;
}

/** The mounts as one viewer has them by one surface; the same list for as long as the same are mounted. */
export function viewsOf(
  { mounts, guard, pins }: ViewsOptions,
  viewer: Viewer,
  surface: Surface,
): () => readonly MountView[] {
  const made = new WeakMap<Mount, MountView>();
  const viewOf = (mount: Mount) => {
    const known = made.get(mount) ?? new MountView({ mount, viewer, surface, guard, pins });
    made.set(mount, known);
    return known;
  };
  let of: readonly Mount[] | undefined;
  let views: readonly MountView[] = [];
  return () => {
    const all = mounts();
    if (all !== of) {
      of = all;
      views = all.filter((mount) => maySee(viewer, mount)).map(viewOf);
    }
    return views;
  };
}
