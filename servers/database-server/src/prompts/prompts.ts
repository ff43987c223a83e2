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

/** A prompt about one query. */
const aboutQuery = (
  name: string,
  title: string,
  description: string,
  text: (place: string, query: string) => string,
) =>
  definePrompt<z.ZodObject<{ sql: typeof sql; connection: typeof connection }>, Config, Services>({
    name,
    title,
    description,
    arguments: z.object({ sql, connection }),
    complete: async (argument, value, context) =>
      complete(
        await context.services.get("databases"),
        argument === "connection" ? argument : "",
        value,
        context.signal,
      ),
    get: (input) => ask(text(on(input.connection), input.sql)),
  });

export const explainQuery = aboutQuery(
  "explain_query",
  "Explain a query",
  "What a query does, and where its time goes",
  (place, query) =>
    `Explain this query${place} to somebody who did not write it. Call describe for each table in it and explain with analyze for its plan. Say what it answers, how the engine goes about it, which step takes longest and why.\n\n${query}`,
);

export const designIndex = aboutQuery(
  "design_index",
  "Design an index",
  "An index for a slow query, tried before it is proposed",
  (place, query) =>
    `Design an index for this query${place}. Call explain for its plan and suggest_indexes for candidates; try the best ones with hypothetical_indexes of explain. Weigh what each costs to keep against what it spares, and mind the indexes that describe shows already. Propose one statement, or none.\n\n${query}`,
);
