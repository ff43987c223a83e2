import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

it.each([
  ["billing_subscription", {}],
  ["billing_payments", { limit: 2 }],
  ["billing_usage", {}],
  ["billing_plans", { type: "EXTRA" }],
])("%s answers in whole", async (tool, input) => {
  const { ask } = await openMake(server);
  expect(await ask(tool, input)).toMatchSnapshot();
});

it("billing_payments leaves out the links to invoices", async () => {
  const { ask } = await openMake(server);
  expect(JSON.stringify(await ask("billing_payments", {}))).not.toMatch(/https?:/);
});

describe("billing_usage", () => {
  it("projects what the counters say: 23050 of 30000, 36395 by the end, 5 days left", async () => {
    const { data } = await openMake(server);
    expect(await data("billing_usage", {})).toMatchObject({
      usage: { used: 23_050, limit: 30_000, left: 6_950 },
      projection: { projected: 36_395, percentOfLimit: 121, daysLeft: 5 },
    });
  });

  it("reads days of DD-MM-YYYY, and says what is not of the team", async () => {
    const { ask } = await openMake(server);
    const { data, warnings } = await ask("billing_usage", { teamId: 201 });
    expect(warnings).toEqual([expect.stringContaining("`usage` and `projection`")]);
    const { days } = data as { days: object[] };
    expect(days[0]).toEqual({
      date: "2026-10-22",
      operations: 600,
      credits: 600,
      transferBytes: 1_000_000,
    });
  });

  it("gives an error that names the endpoint, and no figure, when a counter is none", async () => {
    const { error } = await openMake(server, {
      intercept: ({ path }) =>
        path === "/organizations/101/usage"
          ? { body: { data: [{ date: "31-02-2026", operations: "many" }] } }
          : undefined,
    });
    const { message } = await error("billing_usage", {}, "API_ERROR");
    expect(message).toContain("GET /organizations/{organizationId}/usage");
    expect(message).toContain("data.0");
  });
});
