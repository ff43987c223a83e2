import { config } from "../src/config.ts";
import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

/** What a list of nine tools may take of a conversation. */
const MAX_LIST_BYTES = 12_000;

describeContract(server, {
  config,
  // coordinates are no question to anyone
  example: { tool: "find_place", input: { query: "48.85,2.35" } },
  maxListBytes: MAX_LIST_BYTES,
  exceptions: Object.fromEntries(
    ["forecast", "history", "alerts", "marine"].map((name) => [
      `${name} name`,
      "What is asked for is one word, in every weather service",
    ]),
  ),
});
