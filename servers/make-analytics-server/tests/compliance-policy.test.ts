import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { type MakeHarness, openMake } from "./shared/make-stub/harness.ts";

const policy = {
  id: "own",
  title: "Own rules",
  rules: [
    { id: "secrets", check: "no-secrets", severity: "high" },
    { id: "dormant", check: "logged-in-within", severity: "medium", days: 90 },
  ],
};

describe("policies_list", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("policies_list")).toMatchSnapshot();
  });
});

describe("policies_get", () => {
  it("answers in whole", async () => {
    const { ask, error } = await openMake(server);
    expect(await ask("policies_get", { policyId: "pack-access" })).toMatchSnapshot();
    await error("policies_get", { policyId: "none" }, "NOT_FOUND");
  });
});

describe("policies_put and policies_delete", () => {
  it("store, count versions and delete; each answers in whole", async () => {
    const { ask, data, error } = await openMake(server);
    expect(await ask("policies_put", { policy })).toMatchSnapshot();
    expect(await data("policies_put", { policy })).toMatchObject({ version: 2, created: false });
    expect(await ask("policies_delete", { policyId: "own" })).toMatchSnapshot();
    expect(await ask("policies_delete", { policyId: "own", confirm: true })).toMatchSnapshot();
    await error("policies_delete", { policyId: "own", confirm: true }, "NOT_FOUND");
    await error("policies_delete", { policyId: "pack-access", confirm: true }, "NOT_FOUND");
  });

  it("refuse rules that lack what their check needs", async () => {
    const { error } = await openMake(server);
    const rules = [{ id: "a", check: "logged-in-within", severity: "low" }];
    await error("policies_put", { policy: { ...policy, rules } }, "VALIDATION_ERROR");
    await error("policies_put", { policy: { ...policy, id: "pack-x" } }, "VALIDATION_ERROR");
    const twice = [...policy.rules, ...policy.rules];
    await error("policies_put", { policy: { ...policy, rules: twice } }, "VALIDATION_ERROR");
  });
});

describe("policy_validate", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("policy_validate")).toMatchSnapshot();
  });

  it("finds the planted secret, masked", async () => {
    const { data } = await openMake(server);
    await data("policies_put", { policy });
    const answer = await data("policy_validate", { policyIds: ["own"] });
    expect(answer).toMatchObject({
      findings: [
        { target: "scenario 4001", evidence: "module 1 mapper.headers[0].value: EXAM****" },
        { target: "user 303", evidence: "last login 202 days ago" },
        { target: "user 305", evidence: "never logged in" },
      ],
    });
  });

  it("looks at the scenarios it is told only", async () => {
    const { data } = await openMake(server);
    const { findings } = await data("policy_validate", { scenarioIds: [4005] });
    for (const { target } of findings as { target: string }[]) expect(target).toBe("scenario 4005");
  });
});

describe("policy_gate", () => {
  it("answers in whole, and fails", async () => {
    const { ask } = await openMake(server);
    expect(await ask("policy_gate", { policyIds: ["pack-operations"] })).toMatchSnapshot();
  });

  it("passes once what fails it is waived, until the waiver ends", async () => {
    const { data } = await openMake(server);
    const rules = policy.rules.slice(0, 1);
    const waiver = { rule: "secrets", target: "scenario 4001", reason: "A test token" };
    const gate = async (until?: string) => {
      await data("policies_put", { policy: { ...policy, rules, waivers: [{ ...waiver, until }] } });
      return (await data("policy_gate", { policyIds: ["own"] })).passed;
    };
    expect(await gate()).toBe(true);
    expect(await gate("2026-11-20")).toBe(true);
    expect(await gate("2026-11-19")).toBe(false);
  });
});

describe("what Make does not give", () => {
  const input = { policyIds: ["pack-access"] };
  const hide = (make: MakeHarness, path: string) => {
    make.stub.options.intercept = (request) =>
      request.path === path
        ? { status: 403, body: { code: "SC403", message: "Permission denied" } }
        : undefined;
  };

  it("fails the gate that would have to know it, and is named", async () => {
    const make = await openMake(server);
    hide(make, "/users");
    const gate = await make.data("policy_gate", { ...input, failOn: "high" });
    expect(gate).toMatchObject({
      passed: false,
      unchecked: [
        { policy: "pack-access", rule: "two-factor", severity: "high", check: "has-2fa" },
        { policy: "pack-access", rule: "dormant-users" },
      ],
    });
  });

  it("counts as unchecked where 2FA is not told of", async () => {
    const { data } = await openMake(server, {
      intercept: ({ path }, usual) => {
        if (path !== "/users") return undefined;
        const { users } = usual().body as { users: object[] };
        return { body: { users: users.map((each) => ({ ...each, tfaStatus: null })), pg: {} } };
      },
    });
    expect(await data("policy_validate", input)).toMatchObject({
      unchecked: [{ rule: "two-factor" }],
    });
  });

  it("is not taken for fixed, nor for new when it can be seen again", async () => {
    const make = await openMake(server);
    const { open } = await make.data("policy_trend", input);
    hide(make, "/users");
    expect(await make.data("policy_trend", input)).toMatchObject({ new: [], fixed: [] });
    make.stub.options.intercept = () => undefined;
    expect(await make.data("policy_trend", input)).toMatchObject({ open, new: [], fixed: [] });
  });
});

describe("policy_trend", () => {
  it("answers in whole, and tells new and fixed from the run before", async () => {
    const { ask, data, stub } = await openMake(server);
    const input = { policyIds: ["pack-operations"] };
    expect(await ask("policy_trend", input)).toMatchSnapshot();
    expect(await data("policy_trend", input)).toMatchObject({ new: [], fixed: [] });
    const change = (id: number, fields: object) =>
      Object.assign(stub.world.things.scenarios.find((each) => each.id === id) ?? {}, fields);
    change(4005, { isinvalid: false });
    change(4006, { isinvalid: true });
    expect(await data("policy_trend", input)).toMatchObject({
      new: [{ rule: "valid", target: "scenario 4006" }],
      fixed: ["pack-operations valid scenario 4005"],
    });
  });
});
