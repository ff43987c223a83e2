import { expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const app = { name: "custom-app-7xpqrg" };

it.each([
  ["custom_apps_list", {}],
  ["custom_apps_get", app],
  ["custom_apps_create", { name: "erp", label: "ERP" }],
])("%s answers in whole", async (tool, input) => {
  const { ask } = await openMake(server);
  expect(await ask(tool, input)).toMatchSnapshot();
});

it("custom_apps_visibility shows first, then changes, and answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  const input = { ...app, public: true };
  expect(await ask("custom_apps_visibility", input)).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("custom_apps_visibility", { ...input, confirm: true })).toMatchSnapshot();
  expect(stub.writes[0]?.path).toBe("/sdk/apps/custom-app-7xpqrg/1/public");
});

it("functions_list answers in whole on Enterprise, and says so elsewhere", async () => {
  const enterprise = await openMake(server, { plan: "Enterprise" });
  expect(await enterprise.ask("functions_list", { withCode: true })).toMatchSnapshot();
  const teams = await openMake(server);
  expect(await teams.ask("functions_list", {})).toMatchSnapshot();
});

it("functions_check answers in whole", async () => {
  const { ask } = await openMake(server, { plan: "Enterprise" });
  expect(await ask("functions_check", { code: "function f() {}" })).toMatchSnapshot();
  expect(await ask("functions_check", { code: "SYNTAX(" })).toMatchObject({
    data: { success: false, error: "SyntaxError: Unexpected token" },
  });
});
