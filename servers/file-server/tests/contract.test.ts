import { config } from "../src/config.ts";
import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

/** Three tools and their results, all fields described, take less than this of a conversation. */
const MAX_LIST_BYTES = 6_144;

describeContract(server, {
  config,
  example: { tool: "list_directory", input: { path: "." } },
  maxListBytes: MAX_LIST_BYTES,
});
