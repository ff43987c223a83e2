import * as z from "zod";
import { defineConfig, flag, integer, plainly } from "#shared/core/config.ts";

/** A variable of each kind that may decide which tools are shown, and some that may be wrong. */
export const config = defineConfig({
  FEATURE_EXTRA: { schema: flag().default(false), describe: "Show the extra tool" },
  FEATURE_USUAL: { schema: flag().default(true), describe: "Show the usual tool" },
  FEATURE_STAGED: {
    schema: flag().default(false),
    describe: "Show what is on in staging",
    profiles: { staging: "true", production: "false" },
  },
  FEATURE_PLAIN: { schema: z.stringbool().default(false), describe: "A flag without our words" },
  WORD: { schema: z.enum(["one", "two"]).optional(), describe: "One of some words" },
  COUNT: { schema: integer(-5, 20).default(3), describe: "How many" },
  PATHS: {
    schema: plainly(/^[a-z]+(:[a-z]+)*$/, z.string().regex(/^[^:]+(:[^:]+)*$/)).optional(),
    describe: "Some paths",
  },
  NOTE: { schema: z.string().min(2).max(4).optional(), describe: "A few letters" },
  ADDRESS: { schema: z.url().optional(), describe: "Where something is" },
});
