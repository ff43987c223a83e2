import * as z from "zod";
import type { PromptResult } from "#shared/core/contract.ts";
import { definePrompt } from "#shared/core/definition.ts";
import type { Config } from "../config.ts";
import { MAX_SQL_CHARS } from "../engine/limits.ts";
import { complete } from "../resources/table.ts";
import type { Services } from "../tools/define.ts";

const sql = z.string().min(1).max(MAX_SQL_CHARS).describe("The query");
const connection = z
  .string()
  .max(256)
  .optional()
  .describe("Connection; the first one unless named");

const ask = (text: string): PromptResult => ({
  messages: [{ role: "user", content: { type: "text", text } }],
});

const on = (name: string | undefined) => (name === undefined ? "" : ` on the connection ${name}`);

export const explainQuery = definePrompt<
  z.ZodObject<{ sql: typeof sql; connection: typeof connection }>,
  Config,
  Services
>({
  name: "explain_query",
  title: "Explain a query",
  description: "What a query does, and where its time goes",
  arguments: z.object({ sql, connection }),
  complete: async (name, value, context) =>
    complete(
      await context.services.get("databases"),
      name === "connection" ? name : "",
      value,
      context.signal,
    ),
  get: (input) =>
    ask(
      `Explain this query${on(input.connection)} to somebody who did not write it. Call describe for each table in it and explain with analyze for its plan. Say what it answers, how the engine goes about it, which step takes longest and why.\n\n${input.sql}`,
    ),
});

export const designIndex = definePrompt<
  z.ZodObject<{ sql: typeof sql; connection: typeof connection }>,
  Config,
  Services
>({
  name: "design_index",
  title: "Design an index",
  description: "An index for a slow query, tried before it is proposed",
  arguments: z.object({ sql, connection }),
  complete: async (name, value, context) =>
    complete(
      await context.services.get("databases"),
      name === "connection" ? name : "",
      value,
      context.signal,
    ),
  get: (input) =>
    ask(
      `Design an index for this query${on(input.connection)}. Call explain for its plan and suggest_indexes for candidates; try the best ones with hypothetical_indexes of explain. Weigh what each costs to keep against what it spares, and mind the indexes that describe shows already. Propose one statement, or none.\n\n${input.sql}`,
    ),
});
