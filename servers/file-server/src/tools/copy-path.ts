import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { copyPath as copy } from "../write/copy.ts";
import { countOutput, pathInput } from "./fields.ts";
import { WRITES } from "./write-fields.ts";

export const copyPath = defineTool({
  ...WRITES,
  name: "copy_path",
  title: "Copy",
  description: "Copy a file or a whole directory, without links and denied names.",
  inputSchema: z.object({
    source: pathInput.describe("From"),
    destination: pathInput.describe("To"),
    overwrite: z.boolean().default(false).describe("Replace a file"),
  }),
  outputSchema: z.object({
    path: z.string().describe("The copy"),
    from: z.string().describe("Source"),
    files: countOutput.describe("Copied"),
    skipped: countOutput.describe("Links, denied, special"),
    overwritten: z.boolean().describe("A file was replaced"),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ source, destination, overwrite }, { services, signal, progress }) {
    const shop = await services.get("workshop");
    const onProgress = (entries: number) => progress(entries, undefined, `${entries} copied`);
    return copy(shop, source, destination, { overwrite, signal, onProgress });
  },
});
