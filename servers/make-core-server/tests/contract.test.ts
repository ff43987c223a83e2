import { afterAll } from "vitest";
import { config } from "../src/config.ts";
import { server } from "../src/server.ts";
import { startMakeStub } from "./shared/make-stub/stub.ts";
import { describeContract } from "./shared/testing/contract.ts";

/** What the default list may take of a conversation: up to 20 tools, with their outputs described. */
const MAX_LIST_BYTES = 32 * 1024;

const stub = await startMakeStub();
afterAll(() => stub.close());

describeContract(server, {
  config,
  env: stub.env,
  example: { tool: "scenarios_list", input: {} },
  maxListBytes: MAX_LIST_BYTES,
});
