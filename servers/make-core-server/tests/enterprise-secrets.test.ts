import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

it("keys_list answers in whole", async () => {
  const { ask } = await openMake(server);
  expect(await ask("keys_list", { withUsage: true })).toMatchSnapshot();
  expect(await ask("keys_list", { typeName: "aes" })).toMatchObject({
    data: { keys: [], total: 0 },
  });
});

describe("keys_rotate", () => {
  it("takes the value from the environment, shows first, and answers in whole", async () => {
    const { ask, stub } = await openMake(server, {
      env: { MAKE_KEY_VALUE_PARTNER: "EXAMPLE-NEW-VALUE" },
    });
    const input = { keyId: 8001, fromEnv: "partner" };
    expect(await ask("keys_rotate", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    const done = await ask("keys_rotate", { ...input, confirm: true });
    expect(done).toMatchSnapshot();
    expect(JSON.stringify(done)).not.toContain("EXAMPLE-NEW-VALUE");
    expect(stub.writes[0]?.body).toEqual({ parameters: { key: "EXAMPLE-NEW-VALUE" } });
  });

  it("reads no other variable of the environment", async () => {
    const { error } = await openMake(server);
    const { message } = await error(
      "keys_rotate",
      { keyId: 8001, fromEnv: "MAKE_API_TOKEN" },
      "CONFIG_ERROR",
    );
    expect(message).toContain("MAKE_KEY_VALUE_MAKE_API_TOKEN");
  });
});

describe("secrets_scan", () => {
  it("answers in whole, and shows no secret", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("secrets_scan", { sarif: true });
    expect(answer).toMatchSnapshot();
    expect(JSON.stringify(answer)).not.toContain("EXAMPLE-NOT");
  });

  it("finds the one in scenario 4001 module 1 and the variable, and nothing else", async () => {
    const { data } = await openMake(server, { plan: "Enterprise" });
    const { findings, scanned } = await data("secrets_scan");
    expect(findings).toMatchObject([
      {
        where: "scenario",
        id: 4001,
        moduleId: 1,
        place: "module 1 mapper.headers[0].value",
        rule: "name",
      },
      { where: "variable", id: 101, name: "API_TOKEN", rule: "name" },
    ]);
    expect(findings).toHaveLength(2);
    expect(scanned).toEqual({ scenarios: 12, variables: 3, functions: 1 });
  });

  it("looks at the scenarios named, and nothing else", async () => {
    const { data } = await openMake(server);
    expect(await data("secrets_scan", { scenarioIds: [4001, 4002] })).toMatchObject({
      findings: [{ id: 4001 }],
      scanned: { scenarios: 2, variables: 0, functions: 0 },
    });
  });
});

describe("secrets_expiry", () => {
  it("answers in whole: 6005 expired, 6003 expiring", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("secrets_expiry", {});
    expect(answer).toMatchSnapshot();
    expect(answer.data).toMatchObject({
      expired: [{ id: 6005, expiresInDays: -50, owner: { id: 305 } }],
      expiring: [{ id: 6003, expiresInDays: 15, owner: { id: 301 } }],
      checked: 6,
    });
  });

  it.each([
    [14, []],
    [15, [6003]],
    [193, [6003, 6001]],
  ])("looks %i days ahead", async (days, ids) => {
    const { data } = await openMake(server);
    const { expiring } = await data("secrets_expiry", { days });
    expect((expiring as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });
});

it("credential_requests_list answers in whole, with links masked", async () => {
  const { ask } = await openMake(server);
  expect(await ask("credential_requests_list", { teamId: 202 })).toMatchSnapshot();
  expect(await ask("credential_requests_list", { teamId: 202, status: "done" })).toMatchObject({
    data: { requests: [], total: 0 },
  });
});
