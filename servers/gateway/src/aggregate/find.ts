import type { CompletionReference } from "#shared/core/contract.ts";
import type { Mount } from "../mounts/mount.ts";
import { mayUse, type Viewer } from "../policy/policy.ts";
import type { Owner, View } from "./lists.ts";
import { partName, partUri } from "./names.ts";

/** Finds whose a name or a URI is, for one viewer. */
export function finder(view: () => View, viewer: Viewer) {
  const prefixed = (prefix: string): Mount | undefined =>
    view().mounts.find((mount) => mount.prefix === prefix);

  /** A server that was never seen may have any name. */
  const unseen = (joined: string): Owner | undefined => {
    const parted = partName(joined);
    const mount = parted ? prefixed(parted.prefix) : prefixed("");
    const { tools = [], prompts = [] } = mount?.catalogue ?? {};
    if (!mount || mount.status.state === "ready" || tools.length + prompts.length > 0)
      return undefined;
    if (!mayUse(viewer, mount, joined, undefined)) return undefined;
    return { mount, name: parted?.rest ?? joined };
  };

  const tool = (joined: string): Owner | undefined => view().tools.get(joined) ?? unseen(joined);
  const prompt = (joined: string): Owner | undefined =>
    view().prompts.get(joined) ?? unseen(joined);

  const uri = (joined: string): { mount: Mount; uri: string } | undefined => {
    const parted = partUri(joined);
    const mount = parted && parted.prefix !== "" ? prefixed(parted.prefix) : undefined;
    if (mount && parted) return { mount, uri: parted.rest };
    const plain = prefixed("");
    return plain && { mount: plain, uri: joined };
  };

  const reference = (
    given: CompletionReference,
  ): { mount: Mount; reference: CompletionReference } | undefined => {
    if (given.type === "ref/prompt") {
      const one = prompt(given.name);
      return one && { mount: one.mount, reference: { type: given.type, name: one.name } };
    }
    const one = uri(given.uri);
    return one && { mount: one.mount, reference: { type: given.type, uri: one.uri } };
  };

  return { tool, prompt, uri, reference };
}
