import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { unifiedDiff } from "../edit/diff.ts";
import { applied, type Edit, planEdits } from "../edit/plan-edits.ts";
import { bytesOf, toUnits } from "../edit/units.ts";
import { shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import { withLargeBuffer } from "../text/large-buffer.ts";
import { Source } from "../text/source.ts";
import { checkMatch } from "../write/if-match.ts";
import { type Current, type Plan, replaceFile } from "../write/replace-file.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { etagOutput, ifMatchInput, WRITES } from "./write-fields.ts";

/** Bytes of a file that is edited: it is held in memory. */
export const MAX_EDIT_BYTES = 33_554_432;
export const MAX_EDITS = 20;
export const MAX_EDIT_CHARS = 262_144;
/** Places that one edit may change. */
export const MAX_COUNT = 10_000;

const inputSchema = z.object({
  path: pathInput.describe("File"),
  edits: z
    .array(
      z.object({
        old: z.string().min(1).max(MAX_EDIT_CHARS).describe("Exact text"),
        new: z.string().max(MAX_EDIT_CHARS).describe("Its replacement"),
        count: z.int().min(1).max(MAX_COUNT).default(1).describe("Times old is there"),
      }),
    )
    .min(1)
    .max(MAX_EDITS)
    .describe("Looked for in the file as it is; all or none"),
  dry_run: z.boolean().optional().describe("Only show the diff"),
  if_match: ifMatchInput,
});

const outputSchema = resultSchema({
  path: z.string(),
  replaced: countOutput,
  diff: z.string(),
  written: z.boolean(),
  etag: etagOutput,
});

export const editFile = defineTool({
  ...WRITES,
  name: "edit_file",
  title: "Edit a text file",
  description:
    "Replace exact texts. Line ends, encoding and mode stay; \\n in old fits either end.",
  inputSchema,
  outputSchema,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ path, edits, dry_run: dryRun, if_match: ifMatch }, { services, signal }) {
    const shop = await services.get("workshop");
    const { place, result, written } = await withLargeBuffer((allocate) =>
      replaceFile(
        shop,
        path,
        async (current) => {
          if (!current) throw refuse("not_found", { path });
          await checkMatch(current, ifMatch, { path, signal });
          const bytes = await contentOf(current, { path, signal, allocate });
          const plan = edited(bytes, edits, path);
          return dryRun ? { result: plan.result } : plan;
        },
        { operation: "write", signal },
      ),
    );
    return {
      path: shownPath(place),
      ...result,
      written: written !== undefined,
      etag: written?.etag,
    };
  },
});

interface Reading {
  path: string;
  signal: AbortSignal;
  allocate(bytes: number): Buffer;
}

function contentOf({ handle, stats }: Current, { path, signal, allocate }: Reading) {
  const size = Number(stats.size);
  if (size > MAX_EDIT_BYTES)
    throw refuse("too_large", {
      path,
      because: `Files over ${MAX_EDIT_BYTES} bytes are not edited`,
      details: { limit: MAX_EDIT_BYTES },
    });
  return new Source(handle, size, signal).read(0, size, allocate);
}

function edited(
  bytes: Buffer,
  edits: readonly Edit[],
  path: string,
): Plan<{ replaced: number; diff: string }> {
  const units = toUnits(bytes, path);
  const all = planEdits(units, edits, path);
  const diff = unifiedDiff(units, all, path);
  return { chunks: chunksOf(units, all), result: { replaced: all.length, diff } };
}

function* chunksOf(units: ReturnType<typeof toUnits>, all: ReturnType<typeof planEdits>) {
  yield units.mark;
  for (const part of applied(units.data, all)) yield bytesOf(part, units.encoding);
  yield units.rest;
}
