import * as z from "zod";
import { extractArchive as extract } from "../archive/extract.ts";
import { defineTool } from "../define-tool.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const extractArchive = defineTool({
  ...WRITES,
  name: "extract_archive",
  title: "Unpack an archive",
  description: "Unpack a zip into a new directory, without denied names.",
  inputSchema: z.object({
    path: pathInput.describe("Archive"),
    destination: pathInput.describe("New directory"),
  }),
  outputSchema: resultSchema({
    path: z.string(),
    files: countOutput,
    bytes: countOutput,
    skipped: countOutput,
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ path, destination }, { services, signal, progress }) {
    const shop = await services.get("workshop");
    const onProgress = (files: number) => progress(files, undefined, `${files} unpacked`);
    return extract(shop, path, destination, { signal, onProgress });
  },
});
