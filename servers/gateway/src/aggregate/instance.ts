import type { Instance, Outcome } from "#shared/core/contract.ts";
import { HEALTH_URI, healthResource } from "#shared/core/resources.ts";
import { invalidParams, resourceNotFound } from "#shared/core/runtime.ts";
import { withLists } from "../mounts/lists.ts";
import type { MountView } from "../policy/mount-view.ts";
import { callResult, promptResult, readResult } from "./content.ts";
import { finder } from "./find.ts";
import { aggregateHealth, type Identity } from "./health.ts";
import { aggregateView } from "./lists.ts";

/** All mounts of a view as one server: an instance like any other, so that every entry serves it unchanged. */
export function aggregateInstance(
  mounts: () => readonly MountView[],
  identity: Identity,
): Instance {
  const view = aggregateView(mounts);
  const find = finder(view);
  const health = () => aggregateHealth(mounts(), identity);
  const watch = async (method: "subscribe" | "unsubscribe", uri: string) => {
    if (uri === HEALTH_URI) return { result: {} };
    const found = find.uri(uri);
    return found
      ? found.mount.instance[method](found.name)
      : invalidParams(`Resource ${uri} not found`, { uri });
  };

  return withLists(() => view().lists, {
    call: async (tool, input, context) => {
      const found = find.tool(tool);
      if (!found) {
        const none = find.unknownTool(tool);
        const refused = await none?.mount.instance.call(none.name, input, context);
        if (refused?.result) return refused;
        return invalidParams(`Tool ${JSON.stringify(tool)} not found`);
      }
      const outcome = await found.mount.instance.call(found.name, input, context);
      return adapt(outcome, (result) => callResult(found.mount.prefix, result));
    },
    get: async (prompt, input, context) => {
      const found = find.prompt(prompt);
      if (!found) return invalidParams(`Prompt ${JSON.stringify(prompt)} not found`);
      const outcome = await found.mount.instance.get(found.name, input, context);
      return adapt(outcome, (result) => promptResult(found.mount.prefix, result));
    },
    read: async (uri, context) => {
      if (uri === HEALTH_URI) return { result: { contents: [healthContents(await health())] } };
      const found = find.uri(uri);
      if (!found) return resourceNotFound(uri, context.era);
      const outcome = await found.mount.instance.read(found.name, context);
      return adapt(outcome, (result) => readResult(found.mount.prefix, result));
    },
    complete: async (reference, argument, context) => {
      const found = find.reference(reference);
      return found
        ? found.mount.instance.complete(found.reference, argument, context)
        : invalidParams("There is nothing to complete by that reference", { reference });
    },
    subscribe: (uri) => watch("subscribe", uri),
    unsubscribe: (uri) => watch("unsubscribe", uri),
    health,
    close: async () => {},
  });
}

const healthContents = (report: object) => ({
  uri: HEALTH_URI,
  mimeType: healthResource.mimeType,
  text: JSON.stringify(report),
});

const adapt = <T>(outcome: Outcome<T>, change: (result: T) => T): Outcome<T> =>
  outcome.error ? outcome : { result: change(outcome.result) };
