import type { JsonObject } from "#shared/core/contract.ts";
import { objectOf, textOf } from "./wire.ts";

/** Who the gateway is to servers. */
export interface ClientFacts {
  name: string;
  version: string;
}

/** What a server said of itself. */
export interface ServerFacts {
  era: "modern" | "legacy";
  info: { name?: string; title?: string; version?: string; description?: string };
  capabilities: JsonObject;
  instructions: string;
}

/** Of what it is called, as it says itself, and the answer in which it does. */
export function factsOf(
  era: ServerFacts["era"],
  info: JsonObject,
  result: JsonObject,
): ServerFacts {
  const named = ["name", "title", "version", "description"].flatMap((key) => {
    const value = textOf(info[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    era,
    info: Object.fromEntries(named),
    capabilities: objectOf(result.capabilities),
    instructions: textOf(result.instructions) ?? "",
  };
}
