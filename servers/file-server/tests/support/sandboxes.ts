import { ToolError } from "#shared/core/errors.ts";
import { checkedStrategy } from "../../src/sandbox/checked.ts";
import { DEFAULT_DENY_PATTERNS } from "../../src/sandbox/deny.ts";
import { blockingCalls, waitingCalls } from "../../src/sandbox/disk-calls.ts";
import { heldStrategy } from "../../src/sandbox/held.ts";
import { openSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { Source } from "../../src/text/source.ts";

/** All ways to the file system that work here, of both kinds of calls: the same rules hold for each. */
export const STRATEGIES = [waitingCalls, blockingCalls].flatMap((calls) =>
  process.platform === "linux"
    ? [heldStrategy(calls), checkedStrategy(calls)]
    : [checkedStrategy(calls)],
);

export function sandboxOn(
  roots: string | readonly string[],
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox> {
  return openSandbox({
    roots: [roots].flat(),
    followLinks: true,
    denyPatterns: DEFAULT_DENY_PATTERNS,
    ...options,
  });
}

export const readAll = (sandbox: Sandbox, path: string) =>
  sandbox.withFile(path, async ({ handle, size }) =>
    String(await new Source(handle, size, AbortSignal.timeout(10_000)).read(0, size)),
  );

/** The text of a file, or the reason why there is none. */
export async function readOrReason(sandbox: Sandbox, path: string): Promise<unknown> {
  try {
    return { text: await readAll(sandbox, path) };
  } catch (error) {
    if (error instanceof ToolError) return error.details.reason;
    throw error;
  }
}
