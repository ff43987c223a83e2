import * as z from "zod";
import { defineTool } from "../../../shared/core/definition.ts";
import { defineServer } from "../../../shared/mcp/define-server.ts";

/** The same tools as those of peers/tools.mjs, as shared code wants them said. */
const count = Number(process.env.BENCH_TOOLS ?? 1);

const inputSchema = z.object({
  name: z.string().min(1).max(100).describe("Whom to greet"),
  times: z.int().min(1).max(10).default(1).describe("How many greetings"),
  loud: z.boolean().default(false).describe("Whether to shout"),
  tags: z.array(z.string().max(50)).max(10).default([]).describe("Words to add"),
});

const outputSchema = z.object({ text: z.string().describe("The greeting") });

const tools = Array.from({ length: count }, (_, index) =>
  defineTool({
    name: `greet_${index}`,
    title: `Greet ${index}`,
    description: `Greets a person by name, in the way of greet_${index}.`,
    inputSchema,
    outputSchema,
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    handler: ({ name, times, loud, tags }) => {
      const text = [Array(times).fill(`Hai ${name}`).join(" "), ...tags].join(" ");
      return { text: loud ? text.toUpperCase() : text };
    },
  }),
);

export const server = defineServer({
  manifest: {
    name: "many-server",
    version: "1.0.0",
    description: "As many tools as the benchmark wants",
    flotilla: { title: "Many", port: 3999 },
  },
  instructions: "Greets.",
  tools,
});

export default server;
