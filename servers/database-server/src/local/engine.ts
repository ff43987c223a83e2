import { ToolError } from "#shared/core/errors.ts";
import type { Dialect, Engine } from "../engine/types.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import type { Source } from "./messages.ts";
import type { EntryName } from "./process.ts";

export interface LocalOptions {
  dialect: Dialect;
  entry: EntryName;
  source: Source;
  timeoutMs: number;
  /** Milliseconds that a statement may take among the fast ones. */
  fastMs: number;
  /** A statement whose one value is the version. */
  version: string;
}

/** An engine that runs on this machine, in processes of its own that can be ended at any time. */
export function createLocal(options: LocalOptions): Engine {
  const { source, dialect, version } = options;
  const lanes = (writable: boolean) => createLanes({ ...options, source: { ...source, writable } });
  const readers = lanes(false);
  let writers: Lanes | undefined;
  const writer = () => {
    if (source.path === undefined) throw sampleIsFixed();
    writers ??= lanes(true);
    return writers;
  };
  const read: Engine["read"] = (sql, params, signal) =>
    readers.run({ kind: "read", sql, params }, signal);

  return {
    dialect,
    version: async (signal) => {
      const [row = {}] = await read(version, [], signal);
      return String(Object.values(row)[0]);
    },
    read,
    query: (query, signal) => readers.run({ kind: "query", ...query }, signal),
    plan: (query, signal) => readers.run({ kind: "plan", ...query }, signal),
    trial: (sql, params, indexes, signal) =>
      readers.run({ kind: "trial", sql, params, indexes }, signal),
    change: (change, signal) => writer().run({ kind: "change", ...change }, signal),
    close: async () => {
      readers.close();
      writers?.close();
    },
  };
}

const sampleIsFixed = () =>
  new ToolError(
    "PERMISSION_DENIED",
    "The sample database is not changed. Set DATABASE_URL to a database of your own.",
    { details: { reason: "sample" } },
  );
