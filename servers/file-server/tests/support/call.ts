import type { CallContext } from "#shared/core/contract.ts";
import { server } from "../../src/server.ts";
import { callTool, expectToolError } from "../shared/testing/call.ts";

export interface FilesCall {
  env?: Record<string, string>;
  context?: Partial<CallContext>;
}

const envFor = (root: string, { env }: FilesCall) => ({
  ALLOWED_ROOTS: JSON.stringify([root]),
  ...env,
});

/** The structured result of a call on one root. */
export async function call(
  root: string,
  tool: string,
  input: Record<string, unknown>,
  options: FilesCall = {},
): Promise<Record<string, unknown>> {
  const result = await callTool(server, tool, input, {
    env: envFor(root, options),
    ...(options.context && { context: options.context }),
  });
  if (!result.structuredContent) throw new Error(`${tool} failed: ${JSON.stringify(result)}`);
  return result.structuredContent;
}

/** The error of a call on one root. */
export async function callError(
  root: string,
  tool: string,
  input: Record<string, unknown>,
  options: FilesCall = {},
) {
  return expectToolError(await callTool(server, tool, input, { env: envFor(root, options) }));
}

/** The reason of a refused call. */
export async function refusal(
  root: string,
  tool: string,
  input: Record<string, unknown>,
  options: FilesCall = {},
): Promise<unknown> {
  return (await callError(root, tool, input, options)).details.reason;
}
