import { delimiter } from "node:path";
import * as z from "zod";
import { type ConfigOf, defineConfig, flag, integer, plainly } from "#shared/core/config.ts";
import { PatternError } from "./glob/glob.ts";
import { DEFAULT_DENY_PATTERNS, DenyList } from "./sandbox/deny.ts";

/** The most folders in ALLOWED_ROOTS, and patterns in DENY_PATTERNS. */
export const MAX_LIST_ITEMS = 100;

/** The most changes that UNDO_KEEP keeps. */
export const MAX_UNDO_KEEP = 100_000;

/** A JSON list of texts, or texts between separators. Empty ones are a slip and are refused. */
const listOf = (separator: string) =>
  z.string().transform((text, context) => {
    const items = text.startsWith("[") ? parseJson(text) : text.split(separator);
    const parsed = z.array(z.string().min(1)).max(MAX_LIST_ITEMS).safeParse(items);
    if (parsed.success) return parsed.data;
    const message = `expected a JSON list of texts, or texts between "${separator}", at most ${MAX_LIST_ITEMS}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The word "default" stands for the list that applies without the variable. */
const denyPatterns = listOf(",").transform((items, context) => {
  const patterns = items.flatMap((item) => (item === "default" ? DEFAULT_DENY_PATTERNS : [item]));
  try {
    new DenyList(patterns);
    return patterns;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

/** Up to MAX_LIST_ITEMS paths, none of them empty, in a JSON list without escapes or between colons. */
export const PLAIN_PATHS =
  /^(\["[ !#-[\]-\uffff]+"(,"[ !#-[\]-\uffff]+"){0,99}\]|[^[:;][^:;]*(:[^:;]+){0,99})$/;

export const config = defineConfig({
  ALLOWED_ROOTS: {
    schema: plainly(PLAIN_PATHS, listOf(delimiter)).optional(),
    describe:
      "Folders the tools may use: a JSON list, or paths between colons (Windows: semicolons). Absent: the working directory",
  },
  ALLOW_WRITE: {
    schema: flag().default(false),
    describe: "Show the tools that write; needs ALLOWED_ROOTS",
  },
  UNDO_KEEP: {
    schema: integer(1, MAX_UNDO_KEEP).default(1_000),
    describe: "Changes of a folder that can be undone; what older ones replaced or deleted is gone",
  },
  WRITE_HARD_LINKS: {
    schema: flag().default(false),
    describe: "Write to files that have other names; the other names keep the old content",
  },
  CLIENT_ROOTS: {
    schema: flag().default(false),
    describe:
      "Keep each call within the roots that the client names, if it names any; asks it each time",
  },
  SYMLINKS: {
    schema: z.enum(["within-root", "none"]).default("within-root"),
    describe:
      "Symbolic links: within-root follows those that stay in the allowed folders, none refuses all",
  },
  DENY_PATTERNS: {
    schema: z.string().default("default").pipe(denyPatterns),
    describe:
      'Globs of names that are never shown or read: a JSON list, or globs between ","; "default" stands for the built-in ones, [] for none',
  },
});

export type FilesConfig = ConfigOf<typeof config.variables>;
