import { config } from "../src/config.ts";
import { server } from "../src/server.ts";
import { describeContract } from "./shared/testing/contract.ts";

const ENDLESS =
  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
/** Bytes of tools/list: every conversation pays for them. */
const MAX_LIST_BYTES = 9 * 1024;
const ONE_WORD = [
  "connections",
  "describe",
  "relations",
  "sample",
  "profile",
  "query",
  "explain",
  "health",
  "activity",
  "execute",
];

describeContract(server, {
  config,
  maxListBytes: MAX_LIST_BYTES,
  example: { tool: "query", input: { sql: "SELECT count(*) FROM tracks" } },
  badInput: { sql: { wrong: true } },
  slowExample: { tool: "query", input: { sql: ENDLESS } },
  env: { QUERY_TIMEOUT_MS: "600000" },
  exceptions: Object.fromEntries(
    ONE_WORD.filter((name) => server.tools.some(({ listing }) => listing.name === name)).map(
      (name) => [`${name} name`, "One word, by which people who know database tools look for it"],
    ),
  ),
});
