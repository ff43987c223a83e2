import { onTestFinished } from "vitest";
import type { CallContext, Instance, OpenOptions } from "#shared/core/contract.ts";
import type { ServerDefinition } from "#shared/core/definition.ts";
import { silentLog } from "#shared/core/log.ts";
import { createServer } from "#shared/core/server.ts";

export const NOW = new Date("2026-01-01T00:00:00.000Z");

/** A definition with what every one needs. */
export const definition = (parts: Partial<ServerDefinition>): ServerDefinition => ({
  manifest: {
    name: "test-server",
    version: "1.2.3",
    description: "For tests",
    flotilla: { title: "Test", port: 1 },
  },
  instructions: "Only for tests.",
  tools: [],
  ...parts,
});

/** An opened server that the end of the test closes. */
export async function openTest(
  parts: Partial<ServerDefinition>,
  options: Partial<OpenOptions> = {},
): Promise<Instance> {
  const server = createServer(definition(parts));
  const instance = await server.open({ env: {}, log: silentLog, now: () => NOW, ...options });
  onTestFinished(() => instance.close().catch(() => {}));
  return instance;
}

export const host = (context: Partial<CallContext> = {}): CallContext => ({
  signal: new AbortController().signal,
  era: "modern",
  ...context,
});

export const readsOnly = {
  readOnlyHint: true,
  idempotentHint: true,
  openWorldHint: false,
} as const;
