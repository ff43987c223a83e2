import { createHash } from "node:crypto";
import { isObject } from "../foreign/wire.ts";

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

const sha256 = (value: unknown): string =>
  `sha256:${createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")}`;

/** Covers all that a client sees of a definition, whatever the order of its keys: the hash of tools.lock.json. */
export const digestOf = (definition: object): string => sha256(definition);

/** The same for a tool that only has another name: renaming is how a changed tool would evade its pin. */
export const bodyDigestOf = ({ inputSchema, outputSchema }: Record<string, unknown>): string =>
  sha256([inputSchema, outputSchema]);
