import * as z from "zod";

const MAX_REVIEW_DAYS = 3650;

/** Inputs that the reviews of access share. */
export const reviewDays = (describe: string) =>
  z.int().min(1).max(MAX_REVIEW_DAYS).describe(describe);
export const onlyFindings = z.boolean().default(true).describe("Leave out what has no finding");
