import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { shownPath } from "../sandbox/place.ts";
import { ENCODINGS } from "../text/encoding.ts";
import { checkMatch } from "../write/if-match.ts";
import { LINE_ENDS, MODES, textChunks } from "../write/new-text.ts";
import { replaceFile } from "../write/replace-file.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { etagOutput, ifMatchInput, WRITES } from "./write-fields.ts";

/** Characters of one call; longer files are appended to. */
export const MAX_CONTENT_CHARS = 1_048_576;

const inputSchema = z.object({
  path: pathInput.describe("File"),
  content: z.string().max(MAX_CONTENT_CHARS).describe("Text"),
  mode: z.enum(MODES).default("overwrite").describe("create: only a new file"),
  if_match: ifMatchInput,
  encoding: z.enum(ENCODINGS).optional().describe("Default: the file's, else utf-8"),
  eol: z.enum(LINE_ENDS).default("keep").describe("Line ends"),
});

const outputSchema = resultSchema({
  path: z.string(),
  created: z.boolean(),
  size: countOutput,
  etag: etagOutput,
});

export const writeFile = defineTool({
  ...WRITES,
  name: "write_file",
  title: "Write a text file",
  description: "Create, overwrite or append to a text file. Its folder must exist.",
  inputSchema,
  outputSchema,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ path, if_match: ifMatch, ...text }, { services, signal }) {
    const shop = await services.get("workshop");
    const { place, isNew, written } = await replaceFile(
      shop,
      path,
      async (current) => {
        await checkMatch(current, ifMatch, { path, signal });
        return {
          chunks: await textChunks(current, text, { path, copyBytes: shop.options.copyBytes }),
          result: undefined,
        };
      },
      { operation: "write", signal },
    );
    return {
      path: shownPath(place),
      created: isNew,
      size: written?.size ?? 0,
      etag: written?.etag,
    };
  },
});
