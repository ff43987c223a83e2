import * as z from "zod";
import { ACTIVITIES, ACTIVITY } from "../operations/activity-sql.ts";
import { connection, defineDatabaseTool, NOTICE, reading, told } from "./define.ts";

export const activity = defineDatabaseTool({
  name: "activity",
  title: "Show what runs",
  description: "Running statements, locks that block, or the slowest statements so far.",
  inputSchema: z.strictObject({
    connection,
    kind: z.enum(ACTIVITIES).default("running").describe("Which"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ kind, ...input }, context) {
    const { engine } = (await context.services.get("databases")).get(input.connection);
    const sql = ACTIVITY[engine.dialect][kind];
    if (sql === undefined)
      return { rows: [], note: "This engine does not tell what runs.", notice: NOTICE };
    return { rows: await engine.read(sql, [], context.signal), notice: NOTICE };
  },
});
