import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { unifiedDiff } from "../edit/diff.ts";
import { applied, type Edit, planEdits } from "../edit/plan-edits.ts";
import { bytesOf, toUnits } from "../edit/units.ts";
import { shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import { checkMatch } from "../write/if-match.ts";
import { type Current, type Plan, replaceFile } from "../write/replace-file.ts";
import { countOutput, pathInput } from "./fields.ts";
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
        count: z.int().min(1).max(MAX_COUNT).default(1).describe("How often old is there"),
      }),
    )
    .min(1)
    .max(MAX_EDITS)
    .describe("All are looked for in the file as it is; all are made or none"),
  dry_run: z.boolean().default(false).describe("Only show the diff"),
  if_match: ifMatchInput,
});

const outputSchema = z.object({
  path: z.string().describe("File, links resolved"),
  replaced: countOutput.describe("Places"),
  diff: z.string().describe("Unified"),
  written: z.boolean().describe("Not with dry_run"),
  etag: etagOutput,
});

export const editFile = defineTool({
  ...WRITES,
  name: "edit_file",
  title: "Edit a text file",
  description:
    "Replace exact texts in a file. Line ends, encoding and mode stay; \\n in old fits either line end.",
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
    const { place, result, written } = await replaceFile(
      shop,
      path,
      async (current) => {
        if (!current) throw refuse("not_found", { path });
        await checkMatch(current, ifMatch, path);
        const plan = await edited(current, edits, path);
        return dryRun ? { result: plan.result } : plan;
      },
      { operation: "write", signal },
    );
    return {
      path: shownPath(place),
      ...result,
      written: written !== undefined,
      etag: written?.etag,
    };
  },
});

async function edited(
  { handle, stats }: Current,
  edits: readonly Edit[],
  path: string,
): Promise<Plan<{ replaced: number; diff: string }>> {
  if (stats.size > MAX_EDIT_BYTES)
    throw refuse("too_large", {
      path,
      because: `Files over ${MAX_EDIT_BYTES} bytes are not edited`,
      details: { limit: MAX_EDIT_BYTES },
    });
  const units = toUnits(await handle.readFile(), path);
  const all = planEdits(units, edits, path);
  const diff = unifiedDiff(units, all, path);
  return { chunks: chunksOf(units, all), result: { replaced: all.length, diff } };
}

function* chunksOf(units: ReturnType<typeof toUnits>, all: ReturnType<typeof planEdits>) {
  yield units.mark;
  for (const part of applied(units.data, all)) yield bytesOf(part, units.encoding);
}
