// Copied from shared/make-stub/harness.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { CallContext, CallToolResult, ServerModule } from "#shared/core/contract.ts";
import type { ErrorBody, ErrorCode } from "#shared/core/errors.ts";
import { silentLog } from "#shared/core/log.ts";
import { expectToolError } from "../testing/call.ts";
import { type MakeStub, STUB_NOW, type StubOptions, startMakeStub } from "./stub.ts";

export interface MakeHarness {
  stub: MakeStub;
  /** MAKE_STATE_DIR. */
  stateDir: string;
  call(tool: string, input?: object, context?: Partial<CallContext>): Promise<CallToolResult>;
  /** The structured result; throws when the call failed. */
  ask(tool: string, input?: object): Promise<Record<string, unknown>>;
  /** `data` of the structured result. */
  data(tool: string, input?: object): Promise<Record<string, unknown>>;
  /** Ends it before the test does. */
  close(): Promise<void>;
  /** The error of a call that fails. */
  error(tool: string, input: object, code?: ErrorCode): Promise<ErrorBody["error"]>;
}

interface Options extends StubOptions {
  env?: Record<string, string> | ((stub: MakeStub) => Record<string, string>) | undefined;
  now?: Date;
}

const toClose: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A server in memory, with all its tools, that asks a stub of Make; both end with the test. */
export async function openMake(
  server: ServerModule,
  { env = {}, now = STUB_NOW, ...options }: Options = {},
): Promise<MakeHarness> {
  const stub = await startMakeStub(options);
  const folder = await mkdtemp(join(tmpdir(), "make-test-"));
  const stateDir = join(folder, "state");
  const instance = await server.open({
    env: {
      TOOLSETS: "all",
      MAKE_WRITES: "on",
      MAKE_STATE_DIR: stateDir,
      MAKE_BUDGET_DIR: join(folder, "budget"),
      ...stub.env,
      ...(typeof env === "function" ? env(stub) : env),
    },
    log: silentLog,
    now: () => now,
  });
  let closing: Promise<void> | undefined;
  async function end(): Promise<void> {
    await instance.close();
    await stub.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const close = () => {
    closing ??= end();
    return closing;
  };
  toClose.push(close);

  async function call(tool: string, input: object = {}, context: Partial<CallContext> = {}) {
    const signal = context.signal ?? new AbortController().signal;
    const { result, error } = await instance.call(tool, input, {
      era: "modern",
      ...context,
      signal,
    });
    if (error) throw new Error(`${tool}: error ${error.code}: ${error.message}`);
    if ("resultType" in result) throw new Error(`${tool} asks: ${JSON.stringify(result)}`);
    return result;
  }

  async function ask(tool: string, input?: object): Promise<Record<string, unknown>> {
    const result = await call(tool, input);
    if (!result.structuredContent) throw new Error(JSON.stringify(result.content));
    return result.structuredContent;
  }

  return {
    stub,
    stateDir,
    close,
    call,
    ask,
    data: async (tool, input) => {
      const { data, ...rest } = await ask(tool, input);
      if (typeof data === "object" && data !== null) return data as Record<string, unknown>;
      throw new Error(`${tool} gave no data: ${JSON.stringify(rest)}`);
    },
    error: async (tool, input, code) => expectToolError(await call(tool, input), code),
  };
}
