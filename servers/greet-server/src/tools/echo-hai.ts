import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";

export const MAX_NAME_LENGTH = 200;

export const echoHai = defineTool({
  name: "echoHai",
  title: "Say hello",
  description: "Greet a person by name.",
  inputSchema: z.object({
    userName: z.string().trim().min(1).max(MAX_NAME_LENGTH).describe("Name of the person to greet"),
  }),
  outputSchema: z.object({
    message: z.string().describe("The greeting"),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  handler: ({ userName }) => ({ message: `Hello, ${userName}!` }),
});
