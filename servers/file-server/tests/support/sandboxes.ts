import { ToolError } from "#shared/core/errors.ts";
import { checkedStrategy } from "../../src/sandbox/checked.ts";
import { DEFAULT_DENY_PATTERNS } from "../../src/sandbox/deny.ts";
import { heldStrategy } from "../../src/sandbox/held.ts";
import { openSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";

/** Both ways to the file system where both work: the same rules hold for each. */
export const STRATEGIES =
  process.platform === "linux" ? [heldStrategy, checkedStrategy] : [checkedStrategy];

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
  sandbox.withFile(path, ({ handle }) => handle.readFile("utf8"));

/** The text of a file, or the reason why there is none. */
export async function readOrReason(sandbox: Sandbox, path: string): Promise<unknown> {
  try {
    return { text: await readAll(sandbox, path) };
  } catch (error) {
    if (error instanceof ToolError) return error.details.reason;
    throw error;
  }
}
