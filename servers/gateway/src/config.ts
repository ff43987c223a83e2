import * as z from "zod";
import { defineConfig, flag, integer } from "#shared/core/config.ts";

/** Seconds: a balancer that has not moved on by then does not look. */
const MAX_LEAVE_SECONDS = 300;

/** Characters of a secret that nobody guesses. */
const MIN_SECRET = 32;

export const config = defineConfig({
  GATEWAY_CONFIG: {
    schema: z.string().optional(),
    describe: "Path of the gateway.json. Absent: the one beside package.json, if there is one",
  },
  GATEWAY_KEYS: {
    schema: z.string().optional(),
    describe: "Path of the file of API keys. Absent: what gateway.json says",
  },
  GATEWAY_KEY_PEPPER: {
    schema: z.string().min(MIN_SECRET, `expected at least ${MIN_SECRET} characters`).optional(),
    describe: "Kept apart from the file of API keys, without which their hashes are worth nothing",
    secret: true,
  },
  GATEWAY_REDIS_URL: {
    schema: z.url({ protocol: /^rediss?$/, error: "expected a redis or rediss URL" }).optional(),
    describe: "Redis through which several gateways share limits, and answers to questions",
    secret: true,
  },
  GATEWAY_AUDIT_KEY: {
    schema: z.string().min(MIN_SECRET, `expected at least ${MIN_SECRET} characters`).optional(),
    describe: "Signs the audit log, and stands in for arguments that are the same",
    secret: true,
  },
  GATEWAY_ALLOW_UNAUTHENTICATED: {
    schema: flag().default(false),
    describe:
      "Listen beyond this machine although anybody who reaches the port may call every tool",
  },
  GATEWAY_REMEMBER: {
    schema: flag().default(true),
    describe: "Keep what a start over stdio lists, so that the next one need not find it out again",
  },
  GATEWAY_LEAVE_SECONDS: {
    schema: integer(0, MAX_LEAVE_SECONDS).optional(),
    describe:
      "Seconds that it still takes calls when it is told to stop, so that a load balancer moves on. Absent: 0, or 5 in a cloud",
  },
});
