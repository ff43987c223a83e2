import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { ENTRY_TYPES } from "./entry-fields.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

const outputSchema = resultSchema({
  path: z.string(),
  type: z.enum(ENTRY_TYPES),
  size: countOutput.optional(),
  modified: z.string(),
  mode: z.string(),
  links: countOutput,
  etag: z.string().optional(),
  sha256: z.string().optional(),
});

export const getFileInfo = defineTool({
  name: "get_file_info",
  title: "Describe a file",
  description: "Tell kind, size, time, mode, etag and, on demand, SHA-256.",
  inputSchema: z.object({
    path: pathInput.describe("Path"),
    hash: z.boolean().optional().describe("Also sha256"),
  }),
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("get_file_info", input, { signal, progress });
  },
});
