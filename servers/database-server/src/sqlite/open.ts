import { statSync } from "node:fs";
import { refuse } from "../engine/refusal.ts";
import type { Source } from "../local/messages.ts";
import type { Opened } from "../local/serve.ts";
import { maskRules } from "../masking/rules.ts";
import { type GuardedDatabase, guardDatabase } from "./database.ts";
import { openNative } from "./driver-native.ts";
import { openWasm } from "./driver-wasm.ts";
import { openSample } from "./sample.ts";
import { guardReading } from "./statement.ts";
import { trial } from "./trial.ts";

const MAX_PLAN_LINES = 1_000;

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
        guardReading(sql);
        if (analyze) throw refuse("no_analyze", "SQLite tells no run times: leave analyze out.");
        const window = { offset: 0, limit: MAX_PLAN_LINES };
        const { rows } = db.query(`EXPLAIN QUERY PLAN ${sql}`, params, window);
        return rows.map(([id, parent, , detail]) => ({ id, parent, detail }));
      },
      trial: async (asked) => {
        guardReading(asked.sql);
        // the copy has no authorizer, and some pragmas run while they are prepared
        db.query(`EXPLAIN QUERY PLAN ${asked.sql}`, asked.params, { offset: 0, limit: 1 });
        return trial(db, asked);
      },
      change: async ({ sql, params, commit, maxRows }) => db.change(sql, params, commit, maxRows),
    },
  };
}
