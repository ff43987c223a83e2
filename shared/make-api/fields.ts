import * as z from "zod";
import { MAX_ID } from "./config.ts";

/** Inputs that many tools share. */

const MAX_LIST = 200;
const MAX_NAME = 120;

const idField = (describe: string) => z.int().min(1).max(MAX_ID).describe(describe);

export const organizationId = idField("Organisation; absent, the configured one").optional();
export const teamId = idField("Team; absent, the configured one").optional();
/** Where a tool works on one team or on the whole organisation. */
export const onlyTeam = idField("Only this team; absent, the whole organisation").optional();
export const scenarioId = idField("Scenario");
export const scenarioIds = z.array(idField("Scenario")).min(1).max(MAX_LIST).describe("Scenarios");
export const idOf = idField;
export const name = (describe: string, max = MAX_NAME) =>
  z.string().trim().min(1).max(max).describe(describe);
export const maxCalls = z
  .int()
  .min(1)
  .max(100_000)
  .optional()
  .describe("Calls to Make that may be made; absent, two minutes' worth of the limit");
export const reveal = z
  .boolean()
  .default(false)
  .describe("Show secrets unmasked, where the operator allows it");

/** Fields of an object that is passed on to Make. */
export const MAX_FIELDS = 500;

/** An object of any fields, for Make to judge. */
export const anyObject = (describe: string) =>
  z
    .looseObject({})
    .refine(
      (value) => Object.keys(value).length <= MAX_FIELDS,
      `has more than ${MAX_FIELDS} fields`,
    )
    .meta({ maxProperties: MAX_FIELDS })
    .describe(describe);

/** Rows passed on as Make sent them. */
export const rows = (describe: string) => z.array(z.looseObject({})).describe(describe);
export const row = (describe: string) => z.looseObject({}).describe(describe);
