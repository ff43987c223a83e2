import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { defineConfig } from "#shared/core/config.ts";
import { defineResource, defineTool } from "#shared/core/definition.ts";
import { defineServer } from "#shared/mcp/define-server.ts";

/** A server with something for every part of the contract suite to try. */

export const config = defineConfig({
  STORE_URL: { schema: z.url().optional(), describe: "Where the words are", secret: true },
  FEATURE_WRITE: {
    schema: z.stringbool().default(false),
    describe: "Show the tool that writes",
  },
});

const hints = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;

const repeatWord = defineTool({
  name: "repeat_word",
  title: "Repeat a word",
  description: "Repeat a word a number of times.",
  inputSchema: z.object({
    word: z
      .string()
      .max(20)
      .describe("What to repeat")
      .meta({ examples: ["ha"] }),
    times: z.int().min(1).max(9).default(2).describe("How often"),
    separators: z.array(z.string().max(3)).max(9).optional().describe("What stands between"),
  }),
  outputSchema: z.object({ text: z.string().describe("The word, repeated") }),
  annotations: hints,
  handler: ({ word, times, separators = [] }) => ({
    text: Array.from({ length: times }, (_, at) => word + (separators[at] ?? "")).join(""),
  }),
});

const waitLong = defineTool({
  name: "wait_long",
  title: "Wait for minutes",
  description: "Wait until the call is cancelled, telling how long it has been.",
  inputSchema: z.object({}),
  outputSchema: z.object({ seconds: z.number().describe("How long it took") }),
  annotations: hints,
  handler: async (_, { signal, progress }) => {
    for (let seconds = 1; seconds <= 600; seconds++) {
      progress(seconds, 600);
      await sleep(100, undefined, { signal });
    }
    return { seconds: 600 };
  },
});

const dropWord = defineTool({
  name: "drop_word",
  title: "Drop a word",
  description: "Remove a word from the store.",
  inputSchema: z.object({ word: z.string().max(20).describe("What to remove") }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  toolset: "writing",
  feature: "FEATURE_WRITE",
  handler: () => {
    throw new Error("The tests do not write");
  },
});

const keepWord = defineTool({
  name: "keep_word",
  title: "Keep a word",
  description: "Add a word to the store.",
  inputSchema: z.object({ word: z.string().max(20).describe("What to add") }),
  outputSchema: z.object({ kept: z.boolean().describe("Whether it was new") }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  toolset: "writing",
  handler: () => ({ kept: true }),
});

export const server = defineServer({
  manifest: {
    name: "words-server",
    version: "0.0.0",
    description: "Words, for tests",
    flotilla: { title: "Words", port: 3999 },
  },
  instructions: "Works on words.",
  config,
  tools: [repeatWord, waitLong, dropWord, keepWord],
  toolsets: { writing: { describe: "Tools that write" } },
  resources: [
    defineResource({
      uri: "words://all",
      name: "words",
      title: "Words",
      description: "All words",
      read: (uri) => ({ contents: [{ uri, text: "none" }] }),
    }),
  ],
});
