import type { CompletionReference, Instance, Outcome } from "#shared/core/contract.ts";
import { HEALTH_URI, healthResource } from "#shared/core/resources.ts";
import { invalidParams, resourceNotFound } from "#shared/core/runtime.ts";
import type { Mount } from "../mounts/mount.ts";
import { callResult, promptResult, readResult } from "./content.ts";
import { aggregateHealth, type Identity } from "./health.ts";
import { aggregateLists } from "./lists.ts";
import { partName, partUri } from "./names.ts";

/** All mounts as one server: an instance like any other, so that every entry serves it unchanged. */
export function aggregateInstance(mounts: readonly Mount[], identity: Identity): Instance {
  const lists = aggregateLists(mounts);
  const find = findIn(mounts);
  const health = () => aggregateHealth(mounts, identity);
  const watch = async (method: "subscribe" | "unsubscribe", uri: string) => {
    const found = find.uri(uri);
    return found
      ? found.mount.instance[method](found.rest)
      : invalidParams(`Resource ${uri} not found`, { uri });
  };

  return {
    get tools() {
      return lists().tools;
    },
    get resources() {
      return lists().resources;
    },
    get resourceTemplates() {
      return lists().resourceTemplates;
    },
    get prompts() {
      return lists().prompts;
    },
    call: async (tool, input, context) => {
      const found = find.name(tool, "tools");
      if (!found) return invalidParams(`Tool ${JSON.stringify(tool)} not found`);
      const outcome = await found.mount.instance.call(found.rest, input, context);
      return adapt(outcome, (result) => callResult(found.mount.name, result));
    },
    get: async (prompt, input, context) => {
      const found = find.name(prompt, "prompts");
      if (!found) return invalidParams(`Prompt ${JSON.stringify(prompt)} not found`);
      const outcome = await found.mount.instance.get(found.rest, input, context);
      return adapt(outcome, (result) => promptResult(found.mount.name, result));
    },
    read: async (uri, context) => {
      if (uri === HEALTH_URI) return { result: { contents: [healthContents(await health())] } };
      const found = find.uri(uri);
      if (!found) return resourceNotFound(uri, context.era);
      const outcome = await found.mount.instance.read(found.rest, context);
      return adapt(outcome, (result) => readResult(found.mount.name, result));
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
    close: async () => {
      await Promise.all(mounts.map((mount) => mount.close()));
    },
  };
}

const healthContents = (report: object) => ({
  uri: HEALTH_URI,
  mimeType: healthResource.mimeType,
  text: JSON.stringify(report),
});

const adapt = <T>(outcome: Outcome<T>, change: (result: T) => T): Outcome<T> =>
  outcome.error ? outcome : { result: change(outcome.result) };

interface Found {
  mount: Mount;
  rest: string;
}

/** Finds whose a name or a URI is. */
function findIn(mounts: readonly Mount[]) {
  const byName = new Map(mounts.map((mount) => [mount.name, mount]));
  const found = (parted: { server: string; rest: string } | undefined): Found | undefined => {
    const mount = parted && byName.get(parted.server);
    return mount && { mount, rest: parted.rest };
  };
  const name = (joined: string, kind: "tools" | "prompts") =>
    found(partName(joined, (server) => byName.get(server)?.catalogue[kind] ?? []));
  const uri = (joined: string) => found(partUri(joined));
  const reference = (given: CompletionReference) => {
    const one = given.type === "ref/prompt" ? name(given.name, "prompts") : uri(given.uri);
    if (!one) return undefined;
    const own: CompletionReference =
      given.type === "ref/prompt"
        ? { type: given.type, name: one.rest }
        : { type: given.type, uri: one.rest };
    return { mount: one.mount, reference: own };
  };
  return { name, uri, reference };
}
