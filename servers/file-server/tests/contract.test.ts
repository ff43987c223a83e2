import { expect, test } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { config } from "../src/config.ts";
import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";
import { MAX_LIST_BYTES } from "./shared/testing/options.ts";

describeContract(server, {
  config,
  example: { tool: "list_directory", input: { path: "." } },
});

test("the list with all tools that write fits the budget of every server", async () => {
  const env = { ALLOW_WRITE: "true", TOOLSETS: "all" };
  const instance = await server.open({ env, log: silentLog, now: () => new Date(0) });
  expect(instance.tools).toHaveLength(server.tools.length);
  expect(Buffer.byteLength(JSON.stringify({ tools: instance.tools }))).toBeLessThan(MAX_LIST_BYTES);
  await instance.close();
});
