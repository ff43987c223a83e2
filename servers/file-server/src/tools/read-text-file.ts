import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { ENCODINGS } from "../text/encoding.ts";
import { MAX_LINE_BYTES, MAX_READ_BYTES, MIN_READ_BYTES } from "../text/excerpt.ts";
import { LINE_ENDINGS } from "../text/line-endings.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

/** More lines than a file of a terabyte has, if it has text. */
const MAX_LINES = 1e10;
/** A petabyte. */
const MAX_OFFSET = 1e15;

const count = () => z.int().min(1).max(MAX_LINES).optional();

const inputSchema = z.object({
  path: pathInput.describe("File"),
  start_line: count().describe("First line, from 1"),
  end_line: count().describe("Last line"),
  head: count().describe("First lines"),
  tail: count().describe("Last lines"),
  offset: z.int().min(0).max(MAX_OFFSET).optional().describe("First byte"),
  max_bytes: z
    .int()
    .min(MIN_READ_BYTES)
    .max(MAX_READ_BYTES)
    .default(MAX_READ_BYTES)
    .describe("Most bytes"),
});

/** The most lines that can be cut in one answer, each after its own maximum. */
const MAX_CUT_LINES = MAX_READ_BYTES / MAX_LINE_BYTES;

const outputSchema = resultSchema({
  path: z.string(),
  content: z.string(),
  encoding: z.enum(ENCODINGS),
  bom: z.boolean(),
  invalid_bytes: z.boolean(),
  line_endings: z.enum(LINE_ENDINGS),
  size: countOutput,
  etag: z.string().describe("For if_match"),
  start_offset: countOutput,
  start_line: countOutput.optional(),
  end_line: countOutput.optional(),
  total_lines: countOutput.optional(),
  more_after: z.boolean(),
  next_start_line: countOutput.optional(),
  next_offset: countOutput.optional().describe("Go on here"),
  cut_offsets: z
    .array(countOutput)
    .max(MAX_CUT_LINES)
    .describe("offset of the rest of each cut line"),
});

export const readTextFile = defineTool({
  name: "read_text_file",
  title: "Read a text file",
  description:
    "Read a text file, or a part by start_line and end_line, head, tail or offset. Long files come in parts.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("read_text_file", input, { signal, progress });
  },
});
