import * as z from "zod";
import { createArchive as create } from "../archive/create.ts";
import { defineTool } from "../define-tool.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const MAX_SOURCES = 100;

export const createArchive = defineTool({
  ...WRITES,
  name: "create_archive",
  title: "Make an archive",
  description: "Pack files and directories into a new zip, without links and denied names.",
  inputSchema: z.object({
    sources: z.array(pathInput).min(1).max(MAX_SOURCES).describe("What to pack"),
    destination: pathInput.describe("New zip"),
  }),
  outputSchema: resultSchema({
    path: z.string(),
    size: countOutput,
    files: countOutput,
    skipped: countOutput,
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ sources, destination }, { services, signal, progress }) {
    const shop = await services.get("workshop");
    const onProgress = (files: number) => progress(files, undefined, `${files} packed`);
    return create(shop, sources, destination, { signal, onProgress });
  },
});
