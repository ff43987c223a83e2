import type { CompletionReference } from "#shared/core/contract.ts";
import type { MountView } from "../policy/mount-view.ts";
import type { Owner, View } from "./lists.ts";
import { partName, partUri } from "./names.ts";

/** Finds whose a name or a URI is. */
export function finder(view: () => View) {
  const prefixed = (prefix: string): MountView[] =>
    view().mounts.filter((mount) => mount.prefix === prefix);

  /** Whose a name may be that no list has, by its prefix; several servers may have none. */
  const unlisted = (joined: string): Owner[] => {
    const { prefix, rest } = partName(joined) ?? { prefix: "", rest: joined };
    return prefixed(prefix).map((mount) => ({ mount, name: rest }));
  };

  /** A server that was never seen may have any tool, and one that is held back is in no list. */
  const tool = (joined: string): Owner | undefined => {
    const listed = view().tools.get(joined);
    if (listed) return listed;
    return unlisted(joined).find(({ mount, name }) => mount.usable(name) || mount.isHeld(name));
  };

  /** Where it is booked that a tool is not there: the first whose prefix it has. */
  const unknownTool = (joined: string): Owner | undefined => unlisted(joined)[0];

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

  const uri = (joined: string): Owner | undefined => {
    const listed = view().resources.get(joined);
    if (listed) return listed;
    const { prefix, rest } = partUri(joined) ?? { prefix: "", rest: joined };
    const [mount] = prefixed(prefix);
    if (mount && prefix !== "") return { mount, name: rest };
    const plain = prefixed("");
    const owner = plain.find((one) => mayHave(one, joined)) ?? plain[0];
    return owner && { mount: owner, name: joined };
  };

  const reference = (
    given: CompletionReference,
  ): { mount: MountView; reference: CompletionReference } | undefined => {
    if (given.type === "ref/prompt") {
      const one = prompt(given.name);
      return one && { mount: one.mount, reference: { type: given.type, name: one.name } };
    }
    const one = uri(given.uri);
    return one && { mount: one.mount, reference: { type: given.type, uri: one.name } };
  };

  return { tool, unknownTool, prompt, uri, reference };
}

/** Whether a URI that no list has is one of a server's templates, or held back there. */
const mayHave = (mount: MountView, uri: string): boolean =>
  mount.isWithheld("resource", uri) ||
  mount.isWithheld("template", uri) ||
  mount.catalogue.resourceTemplates.some(({ uriTemplate }) =>
    uri.startsWith(uriTemplate.split("{", 1)[0] ?? ""),
  );
