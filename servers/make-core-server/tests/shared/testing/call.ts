// Copied from shared/testing/call.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { expect } from "vitest";
import type { CallContext, CallToolResult, ServerModule } from "#shared/core/contract.ts";
import { ERROR_CODES, type ErrorBody, type ErrorCode } from "#shared/core/errors.ts";
import { silentLog } from "#shared/core/log.ts";
import { isObject } from "./messages.ts";

/** The time it is in tests. */
export const TEST_NOW = new Date("2026-01-01T00:00:00.000Z");

export interface CallOptions {
  env?: Readonly<Record<string, string>>;
  /** What the host would know: signal, client, credentials and the like. */
  context?: Partial<CallContext>;
  now?(): Date;
}

/**
 * Calls a tool in memory: opens the server with this environment alone, calls, closes. Throws when
 * the answer is an error of the protocol or a question; those are tests of their own.
 */
export async function callTool(
  server: ServerModule,
  name: string,
  input: unknown,
  { env = {}, context = {}, now = () => TEST_NOW }: CallOptions = {},
): Promise<CallToolResult> {
  const instance = await server.open({ env, log: silentLog, now });
  try {
    const host = { signal: new AbortController().signal, era: "modern" as const, ...context };
    const { result, error } = await instance.call(name, input, host);
    if (error) throw new Error(`${name}: error ${error.code} of the protocol: ${error.message}`);
    if ("resultType" in result) throw new Error(`${name} asks for input instead of answering`);
    return result;
  } finally {
    await instance.close();
  }
}

/** The error of a failed call, once its shape is found right: JSON text in `content` and nothing else. */
export function expectToolError(result: unknown, code?: ErrorCode): ErrorBody["error"] {
  expect(result).toMatchObject({ isError: true, content: [{ type: "text" }] });
  const { content, structuredContent } = result as CallToolResult;
  // the 1.x client checks structured content against the output schema, also of an error
  expect(structuredContent, "structuredContent of a failed call").toBeUndefined();
  expect(content).toHaveLength(1);
  const [block] = content;
  const body: unknown = JSON.parse(block?.type === "text" ? block.text : "");
  expect(body).toEqual({
    success: false,
    error: {
      code: expect.toBeOneOf([...ERROR_CODES]),
      message: expect.stringMatching(/\S/),
      details: expect.any(Object),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  });
  const error = isObject(body) ? (body.error as ErrorBody["error"]) : undefined;
  if (!error) throw new Error("unreachable: the shape was checked");
  if (code !== undefined) expect(error.code, error.message).toBe(code);
  return error;
}
