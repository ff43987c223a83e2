import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { copyPath as copy } from "../write/copy.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const copyPath = defineTool({
  ...WRITES,
  name: "copy_path",
  title: "Copy",
  description: "Copy a file or directory, without links and denied names.",
  inputSchema: z.object({
    source: pathInput.describe("From"),
    destination: pathInput.describe("To"),
    overwrite: z.boolean().optional().describe("Replace a file"),
  }),
  outputSchema: resultSchema({
    path: z.string(),
    from: z.string(),
    files: countOutput,
    skipped: countOutput,
    overwritten: z.boolean(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ source, destination, overwrite = false }, { services, signal, progress }) {
    const shop = await services.get("workshop");
    const onProgress = (entries: number) => progress(entries, undefined, `${entries} copied`);
    return copy(shop, source, destination, { overwrite, signal, onProgress });
  },
});
