import type { CallContext, Instance, Outcome } from "#shared/core/contract.ts";
import { invalidParams, resourceNotFound } from "#shared/core/runtime.ts";
import type { Surface } from "../activity/activity.ts";
import { failedCall, failedRequest } from "../mounts/calls.ts";
import { withLists } from "../mounts/lists.ts";
import type { Mount } from "../mounts/mount.ts";
import { heldBack } from "../pins/held-back.ts";
import { argumentsTooLarge, charactersOf, MAX_ARGUMENTS } from "./argument-size.ts";
import type { Guard } from "./guard.ts";
import type { MountView } from "./mount-view.ts";

const now = () => new Date();
const fail = failedCall(now);

/** The instance of a view: what is there passes the guard, what is not is answered as unknown. */
export function viewInstance(
  view: MountView,
  { mount, surface, guard }: { mount: Mount; surface: Surface; guard: Guard },
): Instance {
  const { instance } = mount;
  const read = <T extends object>(
    method: string,
    context: CallContext,
    run: (forwarded: CallContext) => Promise<Outcome<T>>,
  ) =>
    guard.pass({
      counts: guard.activity.countsOf(mount.name, method),
      surface,
      isDestructive: false,
      input: undefined,
      context,
      run,
      fail: failedRequest,
    });
  const watch = async (method: "subscribe" | "unsubscribe", uri: string) =>
    view.mayRead ? instance[method](uri) : invalidParams(`Resource ${uri} not found`, { uri });

  return withLists(() => view.catalogue, {
    call: (tool, input, context) => {
      const usable = view.usable(tool);
      if (usable) {
        const asked = charactersOf(input);
        usable.counts.asked += asked;
        return guard.pass({
          counts: usable.counts,
          isDestructive: usable.isDestructive,
          argumentNames: usable.argumentNames,
          surface,
          input,
          context,
          run: (forwarded) =>
            asked > MAX_ARGUMENTS
              ? Promise.resolve(fail(argumentsTooLarge(asked)))
              : instance.call(tool, input, forwarded),
          fail,
        });
      }
      return Promise.resolve(
        view.isHeld(tool)
          ? fail(heldBack(mount.name, tool))
          : invalidParams(`Tool ${JSON.stringify(tool)} not found`),
      );
    },
    read: async (uri, context) =>
      view.mayRead
        ? read("resources/read", context, (forwarded) => instance.read(uri, forwarded))
        : resourceNotFound(uri, context.era),
    get: async (prompt, input, context) =>
      view.mayRead
        ? read("prompts/get", context, (forwarded) => instance.get(prompt, input, forwarded))
        : invalidParams(`Prompt ${JSON.stringify(prompt)} not found`),
    complete: async (reference, argument, context) =>
      view.mayRead
        ? read("completion/complete", context, (forwarded) =>
            instance.complete(reference, argument, forwarded),
          )
        : invalidParams("There is nothing to complete by that reference", { reference }),
    subscribe: (uri) => watch("subscribe", uri),
    unsubscribe: (uri) => watch("unsubscribe", uri),
    health: () => instance.health(),
    close: async () => {},
  });
}
