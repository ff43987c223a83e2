import * as z from "zod";
import { changeWithToken } from "../changes/two-steps.ts";
import { connection, defineDatabaseTool, NOTICE, params, sql, told } from "./define.ts";

/** Rows that one change may touch, whatever is asked for. */
export const MAX_AFFECTED_ROWS = 100_000;
const DEFAULT_AFFECTED_ROWS = 1_000;

export const execute = defineDatabaseTool({
  name: "execute",
  title: "Change data",
  description:
    "Change rows in two steps: the first call tries, reports, rolls back and gives a token; the same call with it commits.",
  inputSchema: z.strictObject({
    sql,
    params,
    connection,
    max_affected_rows: z
      .int()
      .min(0)
      .max(MAX_AFFECTED_ROWS)
      .default(DEFAULT_AFFECTED_ROWS)
      .describe("More, and nothing changes"),
    token: z.string().max(2_048).optional().describe("Of the first call"),
  }),
  outputSchema: told,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  feature: "ALLOW_WRITES",
  async handler({ max_affected_rows: maxRows, token, ...input }, context) {
    const databases = await context.services.get("databases");
    const change = { sql: input.sql, params: input.params, maxRows };
    const { report, committed, next } = await changeWithToken(
      databases,
      input.connection,
      change,
      token,
      context,
    );
    return {
      committed,
      affected_rows: report.affected,
      tables: report.tables,
      columns: report.sample.columns.map(({ name, type }) => ({ name, type })),
      sample: report.sample.rows,
      ...(next !== undefined && { token: next }),
      notice: NOTICE,
    };
  },
});
