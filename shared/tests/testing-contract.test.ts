import { describeContract } from "#shared/testing/contract.ts";
import { builtEntries } from "./testing-server/built.ts";
import { config, server } from "./testing-server/server.ts";

// the suite has to hold for a server that keeps to the contract, in all of its parts
describeContract(server, {
  config,
  slowExample: { tool: "wait_long", input: {}, progress: true },
  entries: await builtEntries(["stdio", "http"]),
});
