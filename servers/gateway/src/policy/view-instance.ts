import type { CallContext, CompletionReference, Instance, Outcome } from "#shared/core/contract.ts";
import { invalidParams, resourceNotFound } from "#shared/core/runtime.ts";
import type { Surface } from "../activity/activity.ts";
import { failedCall, failedRequest } from "../mounts/calls.ts";
import { withLists } from "../mounts/lists.ts";
import type { Mount } from "../mounts/mount.ts";
import { DEFINITION_CHANGED, heldBack } from "../pins/held-back.ts";
import { argumentsTooLarge, charactersOf, MAX_ARGUMENTS } from "./argument-size.ts";
import type { Guard, Guarded } from "./guard.ts";
import type { MountView } from "./mount-view.ts";

const now = () => new Date();
const fail = failedCall(now);

/** The instance of a view: all passes the guard, and what is not there is answered as unknown. */
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
  /** What is not there for the viewer is booked by the method alone: its name is the caller's word. */
  const deny = <T extends object>(
    method: string,
    denied: string,
    answer: Outcome<T>,
    given: Pick<Guarded<T>, "context" | "fail">,
  ) =>
    guard.pass({
      ...given,
      counts: guard.activity.countsOf(mount.name, method),
      surface,
      isDestructive: false,
      input: undefined,
      denied,
      run: async () => answer,
    });
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
      const given = { context, fail };
      if (view.isHeld(tool)) {
        const answer = fail(heldBack(mount.name, "tool", tool));
        return deny("tools/call", DEFINITION_CHANGED, answer, given);
      }
      const answer = invalidParams(`Tool ${JSON.stringify(tool)} not found`);
      return deny("tools/call", "unknown_tool", answer, given);
    },
    read: (uri, context) => {
      const given = { context, fail: failedRequest };
      if (!view.mayRead) {
        const answer = resourceNotFound(uri, context.era);
        return deny("resources/read", "unknown_resource", answer, given);
      }
      if (view.isWithheld("resource", uri)) {
        const answer = failedRequest(heldBack(mount.name, "resource", uri));
        return deny("resources/read", DEFINITION_CHANGED, answer, given);
      }
      return read("resources/read", context, (forwarded) => instance.read(uri, forwarded));
    },
    get: (prompt, input, context) => {
      const given = { context, fail: failedRequest };
      if (!view.mayRead) {
        const answer = invalidParams(`Prompt ${JSON.stringify(prompt)} not found`);
        return deny("prompts/get", "unknown_prompt", answer, given);
      }
      if (view.isWithheld("prompt", prompt)) {
        const answer = failedRequest(heldBack(mount.name, "prompt", prompt));
        return deny("prompts/get", DEFINITION_CHANGED, answer, given);
      }
      return read("prompts/get", context, (forwarded) => instance.get(prompt, input, forwarded));
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
