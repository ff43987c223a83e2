import * as z from "zod";
import { DEFAULTS } from "./spec.ts";

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

const bounded = (name: keyof typeof LIMITS, describe: string) =>
  z.int().min(LIMITS[name].min).max(LIMITS[name].max).default(DEFAULTS[name]).describe(describe);

const toolFilter = z
  .strictObject({
    allow: z.array(z.string().min(1)).optional().describe("Only these; absent: all"),
    deny: z.array(z.string().min(1)).default([]).describe("None of these"),
  })
  .prefault({})
  .describe("Which tools are shown and can be called; * stands for any text");

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
  startTimeoutMs: bounded("startTimeoutMs", "Milliseconds that loading and opening may take"),
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
  ...ofClients,
});

export const urlEntry = z.strictObject({
  type: z.enum(["http", "streamable-http", "streamableHttp"]).optional(),
  url: z.url({ protocol: /^https?$/, error: "expected an http or https URL" }),
  headers: z.record(z.string(), z.string()).default({}).describe("Sent with every request"),
  isolation: z.literal("remote").optional(),
  ...common,
  ...ofClients,
});

export const profileEntry = z.strictObject({
  servers: z
    .array(z.string().min(1))
    .optional()
    .describe("Only these servers; * stands for any text"),
  tools: toolFilter.describe("By their names in /mcp; * stands for any text"),
  readOnly: z.boolean().default(false).describe("Whether tools that write are left out"),
  search: z
    .boolean()
    .default(false)
    .describe("Shows search_tools, describe_tool and call_tool in place of the tools"),
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
});
