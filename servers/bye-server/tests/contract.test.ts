import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

describeContract(server, {
  example: { tool: "echoBye", input: { userName: "Ada" } },
  exceptions: { "echoBye name": "The name is older than the rule, and clients know it" },
});
