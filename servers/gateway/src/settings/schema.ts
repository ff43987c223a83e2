import * as z from "zod";
import { START_TIMEOUT_MS } from "./spec.ts";

/** Bounds of `startTimeoutMs`, in milliseconds. */
export const MIN_START_TIMEOUT_MS = 100;
export const MAX_START_TIMEOUT_MS = 600_000;

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const common = {
  enabled: z.boolean().default(true).describe("false leaves the server out"),
  required: z
    .boolean()
    .default(false)
    .describe("Whether the gateway is ready only while this server is"),
  startTimeoutMs: z
    .int()
    .min(MIN_START_TIMEOUT_MS)
    .max(MAX_START_TIMEOUT_MS)
    .default(START_TIMEOUT_MS)
    .describe("Milliseconds that loading and opening may take"),
};

const env = z
  .record(z.string().regex(VARIABLE_NAME, "is no name for a variable"), z.string())
  .default({})
  .describe("Variables of this server alone; they win over the gateway's own");

export const packageEntry = z.strictObject({
  ...common,
  package: z.string().min(1).describe("Folder of the server, from the folder of this file"),
  env,
});

export const commandEntry = z.strictObject({
  ...common,
  type: z.literal("stdio").optional(),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env,
  cwd: z.string().min(1).optional(),
});

export const urlEntry = z.strictObject({
  ...common,
  type: z.enum(["http", "streamable-http", "sse"]).optional(),
  url: z.url({ protocol: /^https?$/, error: "expected an http or https URL" }),
  headers: z.record(z.string(), z.string()).default({}),
});

export const gatewayFile = z.strictObject({
  $schema: z.string().optional(),
  mcpServers: z.record(z.string(), z.unknown()),
});

export type Checked<T> = { data: T; faults?: never } | { data?: never; faults: string[] };

/** Checks a value; every fault has its path. */
export function check<S extends z.ZodObject>(
  schema: S,
  value: unknown,
  path: string,
): Checked<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data };
  const at = (keys: readonly PropertyKey[]) =>
    [path, ...keys.map(String)].filter((part) => part !== "").join(".") || "the file";
  const faults = parsed.error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [`${at(issue.path)}: ${reason(issue)}`];
    const known = Object.keys(schema.shape).join(", ");
    return issue.keys.map((key) => `${at([key])}: is not known here; there are ${known}`);
  });
  return { faults };
}

/** A bad key of a record carries its reason inside. */
function reason(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  return issue.message;
}
