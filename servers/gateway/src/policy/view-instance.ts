import type { CallContext, CompletionReference, Instance, Outcome } from "#shared/core/contract.ts";
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
  const withheld = (kind: "prompt" | "resource", name: string) =>
    view.isWithheld(kind, name) ? failedRequest(heldBack(mount.name, kind, name)) : undefined;
  const isWithheldReference = (reference: CompletionReference) =>
    reference.type === "ref/prompt"
      ? view.isWithheld("prompt", reference.name)
      : view.isWithheld("template", reference.uri) || view.isWithheld("resource", reference.uri);
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
          ? fail(heldBack(mount.name, "tool", tool))
          : invalidParams(`Tool ${JSON.stringify(tool)} not found`),
      );
    },
    read: async (uri, context) => {
      if (!view.mayRead) return resourceNotFound(uri, context.era);
      return (
        withheld("resource", uri) ??
        read("resources/read", context, (forwarded) => instance.read(uri, forwarded))
      );
    },
    get: async (prompt, input, context) => {
      if (!view.mayRead) return invalidParams(`Prompt ${JSON.stringify(prompt)} not found`);
      return (
        withheld("prompt", prompt) ??
        read("prompts/get", context, (forwarded) => instance.get(prompt, input, forwarded))
      );
    },
    complete: async (reference, argument, context) =>
      view.mayRead && !isWithheldReference(reference)
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
