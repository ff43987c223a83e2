import type { CompletionReference } from "#shared/core/contract.ts";
import type { MountView } from "../policy/mount-view.ts";
import type { Owner, View } from "./lists.ts";
import { partName, partUri } from "./names.ts";

/** Finds whose a name or a URI is. */
export function finder(view: () => View) {
  const prefixed = (prefix: string): MountView | undefined =>
    view().mounts.find((mount) => mount.prefix === prefix);

  /** Whose a name may be that no list has, by its prefix; several servers may have none. */
  const unlisted = (joined: string): Owner[] => {
    const { prefix, rest } = partName(joined) ?? { prefix: "", rest: joined };
    const mounts = view().mounts.filter((mount) => mount.prefix === prefix);
    return mounts.map((mount) => ({ mount, name: rest }));
  };

  /** A server that was never seen may have any tool, and one that is held back is in no list. */
  const tool = (joined: string): Owner | undefined => {
    const listed = view().tools.get(joined);
    if (listed) return listed;
    return unlisted(joined).find(({ mount, name }) => mount.usable(name) || mount.isHeld(name));
  };

  const prompt = (joined: string): Owner | undefined => {
    const listed = view().prompts.get(joined);
    if (listed) return listed;
    return unlisted(joined).find(({ mount, name }) => {
      if (mount.isWithheld("prompt", name)) return true;
      const { tools, prompts } = mount.catalogue;
      const isUnseen = tools.length + prompts.length === 0 && mount.status.state !== "ready";
      return isUnseen && mount.mayRead;
    });
  };

  const uri = (joined: string): { mount: MountView; uri: string } | undefined => {
    const parted = partUri(joined);
    const mount = parted && parted.prefix !== "" ? prefixed(parted.prefix) : undefined;
    if (mount && parted) return { mount, uri: parted.rest };
    const plain = prefixed("");
    return plain && { mount: plain, uri: joined };
  };

  const reference = (
    given: CompletionReference,
  ): { mount: MountView; reference: CompletionReference } | undefined => {
    if (given.type === "ref/prompt") {
      const one = prompt(given.name);
      return one && { mount: one.mount, reference: { type: given.type, name: one.name } };
    }
    const one = uri(given.uri);
    return one && { mount: one.mount, reference: { type: given.type, uri: one.uri } };
  };

  return { tool, prompt, uri, reference };
}
