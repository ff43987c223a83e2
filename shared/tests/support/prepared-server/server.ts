import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { askForm } from "#shared/core/ask.ts";
import { type AnyTool, defineTool } from "#shared/core/definition.ts";
import { defineServer } from "#shared/mcp/define-server.ts";
import { config } from "./config.ts";

const isProcess = process.argv[1]?.endsWith("stdio.cjs") === true;

/** As a process it says on stderr what it does, so that a test sees when it was loaded and what ran. */
function say(text: string): void {
  if (isProcess) process.stderr.write(`${text}\n`);
}

say("server loaded");
await sleep(Number(process.env.LOAD_MS ?? 0));

const reads = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;

const shown = (name: string, extra: Partial<AnyTool> = {}): AnyTool => ({
  ...defineTool({
    name,
    title: name,
    description: `Says ${name}.`,
    inputSchema: z.object({ count: z.number().default(0) }),
    outputSchema: z.object({ count: z.number() }),
    annotations: reads,
    handler: ({ count }) => {
      say(`ran ${name} ${count}`);
      return { count };
    },
  }),
  ...extra,
});

const askUser = defineTool({
  name: "ask_user",
  title: "Ask the user",
  description: "Asks the user.",
  inputSchema: z.object({}),
  outputSchema: z.object({ answer: z.unknown() }),
  annotations: reads,
  handler: async (_, { ask, client }) => {
    say(`ran ask_user for ${client.name}`);
    return {
      answer: (await ask({ form: askForm("Which?", z.object({ choice: z.string() })) })).form,
    };
  },
});

export const server = defineServer({
  manifest: {
    name: "prepared-server",
    version: "1.0.0",
    description: "For tests",
    flotilla: { title: "Prepared", port: 3999 },
  },
  instructions: "Start fast.",
  config,
  toolsets: { more: { describe: "More" }, basic: { describe: "Basic", default: true } },
  tools: [
    shown("say_plain"),
    shown("say_written", {
      annotations: { ...reads, readOnlyHint: false, destructiveHint: false },
    }),
    shown("say_basic", { toolset: "basic" }),
    shown("say_more", { toolset: "more" }),
    shown("say_extra", { feature: "FEATURE_EXTRA" }),
    shown("say_usual", { feature: "FEATURE_USUAL", toolset: "basic" }),
    shown("say_staged", { feature: "FEATURE_STAGED" }),
    shown("say_odd", { feature: "FEATURE_PLAIN" }),
    askUser,
  ],
});
