import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";

export const MAX_NAME_LENGTH = 200;

export const echoBye = defineTool({
  name: "echoBye",
  title: "Say goodbye",
  description: "Say goodbye to a person by name.",
  inputSchema: z.object({
    userName: z
      .string()
      .trim()
      .min(1)
      .max(MAX_NAME_LENGTH)
      .describe("Name of the person to say goodbye to"),
  }),
  outputSchema: z.object({
    message: z.string().describe("The goodbye"),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  handler: ({ userName }) => ({ message: `Bye, ${userName}!` }),
});
