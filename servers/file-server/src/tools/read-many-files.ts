import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

/** Paths of one call. All the files share the bytes that one file may have elsewhere. */
export const MAX_PATHS = 100;

const fileSchema = resultSchema({
  path: z.string(),
  content: z.string().optional(),
  next_offset: countOutput.optional(),
  reason: z.string().optional(),
});

export const readManyFiles = defineTool({
  name: "read_many_files",
  title: "Read many text files",
  description: "Read several text files at once; each gets a fair share of 64 KiB.",
  inputSchema: z.object({
    paths: z.array(pathInput).min(1).max(MAX_PATHS).describe("Files"),
  }),
  outputSchema: resultSchema({
    files: z
      .array(fileSchema)
      .max(MAX_PATHS)
      .describe("path, content; next_offset for read_text_file; reason if not read"),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("read_many_files", input, { signal, progress });
  },
});
