// Copied from shared/mcp/hot-client.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** Who a client says it is, read only as the protocol writes it: what differs is for the SDK to check. */
import type { JsonObject } from "#shared/core/contract.ts";

export interface HotClient {
  name: string;
  version: string;
  capabilities: JsonObject;
}

type Check = (value: unknown) => boolean;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";

/** An object with no keys but these, each absent or right. */
const shape = (checks: Readonly<Record<string, Check>>): Check => {
  const known = new Map(Object.entries(checks));
  return (value) => {
    if (!isObject(value)) return false;
    for (const key in value) if (!known.get(key)?.(value[key])) return false;
    return true;
  };
};
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** Names are free, except the one that objects take for themselves. */
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(value).every(([key, one]) => key !== "__proto__" && check(one));

const isIcon: Check = (value) =>
  isObject(value) &&
  "src" in value &&
  shape({
    src: isText,
    mimeType: isText,
    sizes: listOf(isText),
    theme: (theme) => theme === "light" || theme === "dark",
  })(value);

const isImplementation = shape({
  name: isText,
  version: isText,
  title: isText,
  description: isText,
  websiteUrl: isText,
  icons: listOf(isIcon),
});

const isCapabilities = shape({
  elicitation: shape({ form: shape({ applyDefaults: isFlag }), url: isObject }),
  sampling: shape({ context: isObject, tools: isObject }),
  roots: shape({ listChanged: isFlag }),
  tasks: shape({
    list: isObject,
    cancel: isObject,
    requests: shape({
      sampling: shape({ createMessage: isObject }),
      elicitation: shape({ create: isObject }),
    }),
  }),
  experimental: mapOf(isObject),
  extensions: mapOf(isObject),
});

/** The client of an envelope or of an `initialize`; undefined unless all of it is as the protocol has it. */
export function readClient(info: unknown, capabilities: unknown): HotClient | undefined {
  if (!isObject(info) || !isImplementation(info) || !isObject(capabilities)) return undefined;
  const { name, version } = info;
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  return isCapabilities(capabilities) ? { name, version, capabilities } : undefined;
}
