import { describeContract } from "#shared/testing/contract.ts";
import { broken } from "./broken-server.ts";
import { builtEntries } from "./built.ts";
import { config } from "./server.ts";

const { "broken-stdio": stdio, "broken-http": http } = await builtEntries([
  "broken-stdio",
  "broken-http",
]);

describeContract(broken, {
  config,
  example: { tool: "repeat_word", input: { word: "ha" } },
  badInput: { word: 7 },
  maxListBytes: 100,
  exceptions: { "no_such_tool name": "excuses nothing" },
  entries: { stdio, http },
});
