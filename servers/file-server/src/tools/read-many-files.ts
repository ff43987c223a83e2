import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { defineTool } from "../define-tool.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { detectEncoding, SAMPLE_BYTES } from "../text/encoding.ts";
import { MAX_READ_BYTES, MIN_READ_BYTES, toText } from "../text/excerpt.ts";
import { readOffset } from "../text/read-offset.ts";
import { Source } from "../text/source.ts";
import { countOutput, pathInput } from "./fields.ts";

/** Paths of one call. All the files share the bytes that one file may have elsewhere. */
export const MAX_PATHS = 100;

const fileSchema = z.object({
  path: z.string().describe("As given"),
  content: z.string().optional().describe("Its beginning"),
  next_offset: countOutput.optional().describe("Go on here with read_text_file"),
  reason: z.string().optional().describe("Why there is none"),
});

type File = z.output<typeof fileSchema>;

export const readManyFiles = defineTool({
  name: "read_many_files",
  title: "Read many text files",
  description: "Read several text files at once; each gets a fair share of 64 KiB.",
  inputSchema: z.object({
    paths: z.array(pathInput).min(1).max(MAX_PATHS).describe("Files"),
  }),
  outputSchema: z.object({
    files: z.array(fileSchema).max(MAX_PATHS).describe("In the order given"),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ paths }, { services, signal, progress }) {
    const sandbox = await services.get("sandbox");
    const files: File[] = [];
    let left = MAX_READ_BYTES;
    for (const [index, path] of paths.entries()) {
      signal.throwIfAborted();
      // what short files leave over is for those behind them
      const share = Math.max(MIN_READ_BYTES, Math.floor(left / (paths.length - index)));
      const { bytes, ...file } = await readOne(sandbox, path, share, signal);
      left -= bytes;
      files.push(file);
      progress(index + 1, paths.length);
    }
    return { files };
  },
});

async function readOne(
  sandbox: Sandbox,
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<File & { bytes: number }> {
  try {
    return await sandbox.withFile(path, async ({ handle, size }) => {
      const source = new Source(handle, size, signal);
      const encoding = detectEncoding(await source.read(0, SAMPLE_BYTES), path);
      const excerpt = await readOffset(source, 0, most, encoding, path);
      const { content } = toText(excerpt, encoding, path);
      const { endOffset } = excerpt;
      const rest = endOffset < size ? { next_offset: endOffset } : {};
      return { path, content, ...rest, bytes: endOffset };
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { path, reason: String(error.details.reason ?? error.code), bytes: 0 };
  }
}
