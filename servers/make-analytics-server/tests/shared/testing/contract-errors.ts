// Copied from shared/testing/contract-errors.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { describe, expect, it } from "vitest";
import type { ServerModule } from "#shared/core/contract.ts";
import { callTool, expectToolError } from "./call.ts";
import { type Contract, wrongFor } from "./options.ts";

/** The first property with one type, and a value it cannot take; tools without one take no wrong input. */
function wrongInput(schema: object): Record<string, unknown> | undefined {
  const properties = "properties" in schema ? Object.entries(schema.properties ?? {}) : [];
  const typed = properties.find(([, { type }]) => typeof type === "string");
  return typed && { [typed[0]]: wrongFor(typed[1].type) };
}

const wrongCalls = (server: ServerModule) =>
  server.tools.flatMap(({ listing: { name, inputSchema } }) => {
    const input = wrongInput(inputSchema);
    return input ? [{ name, input }] : [];
  });

/** The environment that shows every tool. */
const everythingOn = ({ tools }: ServerModule) => ({
  TOOLSETS: "all",
  ...Object.fromEntries(tools.flatMap(({ feature }) => (feature ? [[feature, "true"]] : []))),
});

/** How each tool fails, in memory: the shape of a failure is the same for all of them. */
export function describeErrors({ server, env, example, badInput }: Contract): void {
  describe("a call that fails", () => {
    it.each(wrongCalls(server))("$name answers wrong input with VALIDATION_ERROR", async (call) => {
      const result = await callTool(server, call.name, call.input, {
        env: { ...env, ...everythingOn(server) },
      });
      const { message, details } = expectToolError(result, "VALIDATION_ERROR");
      expect(details.issues).not.toEqual([]);
      expect(message).toContain(Object.keys(call.input)[0]);
    });

    it("says CANCELLED when its caller left before it began", async () => {
      const signal = AbortSignal.abort(new DOMException("The client left", "AbortError"));
      const result = await callTool(server, example.tool, example.input, {
        env,
        context: { signal },
      });
      expectToolError(result, "CANCELLED");
    });

    it("names no input that was right", async () => {
      const result = await callTool(server, example.tool, badInput, { env });
      const { issues } = expectToolError(result, "VALIDATION_ERROR").details;
      const right = Object.entries(badInput)
        .filter(([key, value]) => example.input[key] === value)
        .map(([key]) => key);
      for (const issue of issues as { path: string }[]) expect(right).not.toContain(issue.path);
    });

    it("with a name that no tool has, is an error of the protocol", async () => {
      await expect(callTool(server, "no_such_tool", {}, { env })).rejects.toThrow("-32602");
    });
  });
}
