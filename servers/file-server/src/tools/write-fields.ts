import * as z from "zod";
import { MAX_MATCH_CHARS } from "../write/if-match.ts";

/** All tools that write exist only where the owner says so. */
export const WRITES = { feature: "ALLOW_WRITE" } as const;

export const ifMatchInput = z
  .string()
  .min(1)
  .max(MAX_MATCH_CHARS)
  .optional()
  .describe("etag or sha256 it must have");

export const etagOutput = z.string().optional();
