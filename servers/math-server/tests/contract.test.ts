import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

describeContract(server, {
  example: { tool: "add", input: { a: 2, b: 40 } },
  exceptions: Object.fromEntries(
    ["add", "subtract", "multiply", "divide", "modulo", "power"].map((name) => [
      `${name} name`,
      "An operation of arithmetic is a verb of its own",
    ]),
  ),
});
