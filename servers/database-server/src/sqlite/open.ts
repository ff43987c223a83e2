import { statSync } from "node:fs";
import { refuse } from "../engine/refusal.ts";
import type { Source } from "../local/messages.ts";
import type { Opened } from "../local/serve.ts";
import { maskRules } from "../masking/rules.ts";
import { type GuardedDatabase, guardDatabase } from "./database.ts";
import { openNative } from "./driver-native.ts";
import { openWasm } from "./driver-wasm.ts";
import { openSample } from "./sample.ts";
import { trial } from "./trial.ts";

/** Opens a file of SQLite, or the sample. */
export async function openSqlite({ path, writable, masks }: Source): Promise<Opened> {
  const rules = maskRules(masks);
  if (path === undefined) return opened(guardDatabase(await openSample(), rules));
  statSync(path); // SQLite would say only that it cannot open it
  const native = openNative(path, writable);
  if (native !== undefined) return opened(guardDatabase(native, rules));
  const stamp = () => JSON.stringify([statSync(path).mtimeMs, statSync(path).size]);
  const before = stamp();
  return opened(guardDatabase(await openWasm(path, writable), rules), () => stamp() === before);
}

function opened(db: GuardedDatabase, isFresh?: () => boolean): Opened {
  return {
    ...(isFresh !== undefined && { isFresh }),
    run: {
      query: async ({ sql, params, window }) => db.query(sql, params, window),
      read: async ({ sql, params }) => db.read(sql, params),
      plan: async ({ sql, params, analyze }) => {
        if (analyze) throw refuse("no_analyze", "SQLite tells no run times: leave analyze out.");
        return db.plan(sql, params).steps.map(({ id, parent, detail }) => ({ id, parent, detail }));
      },
      // the copy has no authorizer, and some statements act while they are prepared: it gets what passed
      trial: async (asked) => trial(db, { ...asked, sql: db.plan(asked.sql, asked.params).text }),
      change: async ({ sql, params, commit, maxRows }) => db.change(sql, params, commit, maxRows),
    },
  };
}
