import * as z from "zod";
import { accessSettings } from "../access/settings.ts";
import { limitSettings } from "../limits/settings.ts";
import { parsePattern } from "../policy/grants.ts";
import { COMMAND_START_TIMEOUT_MS, DEFAULTS } from "./spec.ts";

/** Bounds of the numbers; milliseconds and megabytes as their names say. */
export const LIMITS = {
  startTimeoutMs: { min: 100, max: 600_000 },
  callTimeoutMs: { min: 100, max: 3_600_000 },
  maxConcurrency: { min: 1, max: 1_024 },
  maxQueue: { min: 0, max: 10_000 },
  memoryMb: { min: 32, max: 32_768 },
} as const;

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Room for a tool's name of its own in the 64 characters that clients take. */
const PREFIX = /^([A-Za-z0-9][A-Za-z0-9-]{0,31})?$/;

const bounded = (name: keyof typeof LIMITS, describe: string, fallback: number = DEFAULTS[name]) =>
  z.int().min(LIMITS[name].min).max(LIMITS[name].max).default(fallback).describe(describe);

const filterOf = <T extends z.ZodType>(pattern: T) =>
  z
    .strictObject({
      allow: z.array(pattern).optional().describe("Only these; absent: all"),
      deny: z.array(pattern).default([]).describe("None of these"),
    })
    .prefault({});

const toolFilter = filterOf(z.string().min(1)).describe(
  "Which tools are shown and can be called; * stands for any text",
);

const toolPattern = z.string().transform((text, { addIssue }) => {
  const pattern = parsePattern(text);
  if (!pattern) addIssue("is no pattern such as server:tool");
  return pattern ?? z.NEVER;
});

const START_TIMEOUT = "Milliseconds that loading and opening may take";
const CREDENTIAL = /^[a-z][a-z0-9-]{0,63}$/;

const credentials = z
  .array(
    z.string().regex(CREDENTIAL, "is no name of a header: lower-case letters, digits and hyphens"),
  )
  .default([])
  .describe("What each caller sends for this server alone, as X-Upstream-{server}-{name}");

const common = {
  enabled: z.boolean().default(true).describe("false leaves the server out"),
  required: z
    .boolean()
    .default(false)
    .describe("Whether the gateway is ready only while this server is"),
  prefix: z
    .string()
    .regex(PREFIX, 'is no prefix: up to 32 letters, digits and hyphens, or "" for none')
    .optional()
    .describe("Stands before its tools' names in /mcp; the server's name unless given"),
  tools: toolFilter,
  onDown: z
    .enum(["keep", "hide"])
    .default(DEFAULTS.onDown)
    .describe("Whether its tools stay listed while it is down"),
  startTimeoutMs: bounded("startTimeoutMs", START_TIMEOUT),
  callTimeoutMs: bounded(
    "callTimeoutMs",
    "Milliseconds that a call may be silent; each report of progress begins them anew",
  ),
  maxConcurrency: bounded("maxConcurrency", "Calls that run at the same time; others wait"),
  maxQueue: bounded("maxQueue", "Calls that wait; others are refused with RATE_LIMITED"),
};

/** What clients keep beside an entry for themselves; it means nothing here. */
const ofClients = {
  disabled: z.boolean().optional().describe("As Cline has it: the opposite of enabled"),
  alwaysAllow: z.unknown().optional().describe("Of a client; not used"),
  autoApprove: z.unknown().optional().describe("Of a client; not used"),
  gallery: z.unknown().optional().describe("Of a client; not used"),
  version: z.unknown().optional().describe("Of a client; not used"),
};

const env = z
  .record(z.string().regex(VARIABLE_NAME, "is no name for a variable"), z.string())
  .default({})
  .describe("Variables of this server alone");

export const packageEntry = z.strictObject({
  package: z.string().min(1).describe("Folder of the server, from the folder of this file"),
  isolation: z
    .enum(["inprocess", "worker", "process"])
    .default("inprocess")
    .describe("What a fault of the server can take with it: see the README"),
  env,
  memoryMb: bounded("memoryMb", "Megabytes of heap that a worker or process may use"),
  credentials,
  ...common,
});

export const commandEntry = z.strictObject({
  type: z.literal("stdio").optional(),
  command: z.string().min(1).describe("Program that speaks MCP on stdin and stdout"),
  args: z.array(z.string()).default([]),
  env,
  cwd: z.string().min(1).optional().describe("Working directory, from the folder of this file"),
  isolation: z.literal("process").optional(),
  ...common,
  startTimeoutMs: bounded("startTimeoutMs", START_TIMEOUT, COMMAND_START_TIMEOUT_MS),
  ...ofClients,
});

export const urlEntry = z.strictObject({
  type: z.enum(["http", "streamable-http", "streamableHttp"]).optional(),
  url: z.url({ protocol: /^https?$/, error: "expected an http or https URL" }),
  headers: z.record(z.string(), z.string()).default({}).describe("Sent with every request"),
  isolation: z.literal("remote").optional(),
  credentials,
  ...common,
  ...ofClients,
});

export const profileEntry = z.strictObject({
  servers: z
    .array(z.string().min(1))
    .optional()
    .describe("Only these servers; * stands for any text"),
  tools: filterOf(toolPattern).describe(
    "As server:tool, by their own names; * stands for any text",
  ),
  readOnly: z.boolean().default(false).describe("Whether tools that write are left out"),
  search: z
    .boolean()
    .default(false)
    .describe("Shows search_tools, describe_tool and call_tool in place of the tools"),
});

const pinSettings = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe("Where approved definitions are kept, from the folder of this file"),
  added: z
    .enum(["hold", "show"])
    .default("hold")
    .describe("What becomes of a tool that a known server did not have before"),
});

/** Megabytes of one file of the audit log. */
export const AUDIT_MB = { min: 1, max: 10_240, default: 100 };

const auditSettings = z.strictObject({
  file: z.string().min(1).describe("The log, from the folder of this file"),
  maxMb: z
    .int()
    .min(AUDIT_MB.min)
    .max(AUDIT_MB.max)
    .default(AUDIT_MB.default)
    .describe("Megabytes after which another file is begun"),
});

export const ownSettings = z.strictObject({
  profiles: z
    .record(z.string(), profileEntry)
    .default({})
    .describe("Views of the servers, each at /p/{profile}/mcp"),
  publicUrl: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .optional()
    .describe("Where clients reach the gateway, for the OpenAPI document"),
  docs: z.boolean().default(true).describe("Whether /docs, /redoc and OpenAPI are served"),
  access: accessSettings.optional().describe("Who may use the gateway"),
  limits: z
    .union([z.literal(false), limitSettings])
    .optional()
    .describe("How much each may ask for; false for no limits"),
  allowedOrigins: z
    .array(z.url({ protocol: /^https?$/, error: "expected an origin such as https://example.com" }))
    .default([])
    .describe("Web origins whose pages may use the gateway, beside those of this machine"),
  trustedProxies: z
    .array(z.string().min(1))
    .default([])
    .describe("Addresses and networks of proxies whose X-Forwarded-For is believed"),
  pins: pinSettings.optional().describe("Holds back definitions that changed"),
  audit: auditSettings.optional().describe("Writes down each call"),
});
