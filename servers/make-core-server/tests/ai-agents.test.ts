import { expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const agentId = "a64d23ed-2580-43e4-a898-e97193d7fd5e";

it.each([
  ["ai_agents_list", {}],
  ["ai_agents_get", { agentId }],
  ["ai_llm_providers", {}],
])("%s answers in whole", async (tool, input) => {
  const { ask } = await openMake(server);
  expect(await ask(tool, input)).toMatchSnapshot();
});

it("ai_agents_create wants approval unless told otherwise, and answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  const input = {
    name: "Helper",
    makeConnectionId: 6002,
    defaultModel: "example-large",
    systemPrompt: "You help.",
    scenarios: [{ makeScenarioId: 4001 }],
  };
  expect(await ask("ai_agents_create", input)).toMatchSnapshot();
  expect(stub.writes[0]?.body).toMatchObject({
    teamId: 201,
    scenarios: [{ makeScenarioId: 4001, approvalMode: "approval-required" }],
  });
});

it("ai_agents_update shows what it replaces, then changes, and answers in whole", async () => {
  const { ask, stub, error } = await openMake(server);
  const input = { agentId, systemPrompt: "You triage tickets well." };
  expect(await ask("ai_agents_update", input)).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("ai_agents_update", { ...input, confirm: true })).toMatchSnapshot();
  expect(stub.writes[0]?.body).toEqual({ systemPrompt: "You triage tickets well." });
  await error("ai_agents_update", { agentId, confirm: true }, "VALIDATION_ERROR");
});

it("ai_agents_run shows what may run, then runs, and answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  const input = { agentId, messages: [{ role: "user", content: "Triage this." }] };
  expect(await ask("ai_agents_run", input)).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("ai_agents_run", { ...input, confirm: true })).toMatchSnapshot();
});
