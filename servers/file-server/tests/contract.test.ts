import { expect, test } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { config } from "../src/config.ts";
import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

describeContract(server, {
  config,
  example: { tool: "list_directory", input: { path: "." } },
});

/** With the tools that write; without them the budget is the one of every server. */
const MAX_FULL_LIST_BYTES = 19_456;

test("the list with all tools that write fits a budget", async () => {
  const env = { ALLOW_WRITE: "true", TOOLSETS: "all" };
  const instance = await server.open({ env, log: silentLog, now: () => new Date(0) });
  expect(instance.tools).toHaveLength(server.tools.length);
  expect(Buffer.byteLength(JSON.stringify({ tools: instance.tools }))).toBeLessThan(
    MAX_FULL_LIST_BYTES,
  );
  await instance.close();
});
