import * as z from "zod";
import {
  type ConfigOf,
  flag,
  integer,
  type StandardConfig,
  type Variables,
} from "#shared/core/config.ts";
import { tagKind } from "#shared/core/variable-kind.ts";
import { ZONES, zone } from "./zone.ts";

const MAX_TEXT = 1_000;
/** Make numbers its things from 1. */
export const MAX_ID = 2_147_483_647;

const folder = () => z.string().min(1).max(MAX_TEXT).optional();
/** A host with a port and a number of a database is plainly right; the rest is for the schema. */
const redisUrl = () =>
  tagKind(z.url({ protocol: /^rediss?$/, error: "expected a redis address" }), {
    pattern: "^rediss?://[a-z0-9.-]+(:[0-9]{1,4})?(/[0-9]+)?$",
  });
const TOKEN_FROM = "Make > Profile > API access";

/** What every server on the Make API reads. */
export const makeVariables = {
  MAKE_API_TOKEN: {
    schema: z.string().min(1).max(MAX_TEXT).optional(),
    describe: "API token of Make, or an OAuth access token",
    secret: true,
    from: TOKEN_FROM,
  },
  MAKE_API_KEY: {
    schema: z.string().min(1).max(MAX_TEXT).optional(),
    describe: "The same by the name that Make's own server has for it; MAKE_API_TOKEN wins",
    secret: true,
    from: TOKEN_FROM,
  },
  MAKE_ZONE: {
    schema: zone().optional(),
    describe: `Where the organisation lives: ${ZONES.join(", ")}, or the address of an instance of your own`,
    from: "the address bar of Make in a browser",
  },
  MAKE_ORGANIZATION: {
    schema: integer(1, MAX_ID).optional(),
    describe:
      "Organisation where a call names none, and whose rate limit is shared. Absent: the only one of the token",
  },
  MAKE_TEAM: {
    schema: integer(1, MAX_ID).optional(),
    describe: "Team where a call names none",
  },
  MAKE_WRITES: {
    schema: flag().default(false),
    describe: "Show the tools that change something at Make",
  },
  MAKE_REVEAL: {
    schema: flag().default(false),
    describe: "Let a call ask for secrets unmasked (reveal)",
  },
  MAKE_STATE_DIR: {
    schema: folder(),
    describe: "Folder for what is kept here: saved blueprints, rules, the journal of changes",
  },
  MAKE_BUDGET_DIR: {
    schema: folder(),
    describe:
      "Folder of the rate budget that servers on this machine share. Absent: one in the temporary folder",
  },
  MAKE_REDIS_URL: {
    schema: redisUrl().optional(),
    describe: "Redis, where servers on several machines share the rate budget",
    secret: true,
  },
} satisfies Variables;

export type MakeConfig = ConfigOf<typeof makeVariables> & StandardConfig;
