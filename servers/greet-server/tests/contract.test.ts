import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

describeContract(server, {
  example: { tool: "echoHai", input: { userName: "Ada" } },
  exceptions: { "echoHai name": "The name is older than the rule, and clients know it" },
});
