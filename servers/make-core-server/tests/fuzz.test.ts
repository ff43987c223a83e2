import { describe, it } from "vitest";
import { server } from "../src/server.ts";
import {
  expectErrorOnNonsense,
  expectNoWrongFigure,
  type Fuzzed,
} from "./shared/make-stub/fuzz.ts";

const SLOW_MS = 60_000;

/** The tools whose answers hold figures, or what is worked out from others' fields. */
const tools: Fuzzed[] = [
  { tool: "billing_usage", input: {} },
  { tool: "billing_payments", input: {} },
  { tool: "teams_list", input: {} },
  { tool: "users_list", input: {} },
  { tool: "hooks_list", input: {} },
  { tool: "connections_list", input: {} },
  { tool: "secrets_expiry", input: {} },
  { tool: "secrets_scan", input: { scenarioIds: [4001, 4002] } },
  { tool: "scenarios_list", input: {} },
  { tool: "scenarios_get", input: { scenarioId: 4001, include: ["usage", "logs"] } },
  { tool: "folders_tree", input: {} },
  { tool: "variables_list", input: { scope: "team" } },
  { tool: "blueprints_history", input: { scenarioId: 4001 } },
  { tool: "apps_usage", input: { teamId: 201 } },
];

describe("an answer of Make's in which a figure is none", () => {
  it.each(tools)(
    "gives an error or the right figures: $tool",
    { timeout: SLOW_MS },
    async (fuzzed) => {
      await expectNoWrongFigure(server, fuzzed);
    },
  );
});

describe("an answer of Make's that is any JSON", () => {
  it.each(tools)(
    "gives an error that names the endpoint: $tool",
    { timeout: SLOW_MS },
    async (fuzzed) => {
      await expectErrorOnNonsense(server, fuzzed);
    },
  );
});
