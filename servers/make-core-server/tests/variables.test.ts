import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const organization = { scope: "organization" };

describe("variables_list", () => {
  it("answers in whole, with secrets masked", async () => {
    const { ask } = await openMake(server);
    expect(await ask("variables_list", { ...organization, includeSystem: true })).toMatchSnapshot();
  });

  it("lists a team's own", async () => {
    const { data } = await openMake(server);
    expect(await data("variables_list", { scope: "team" })).toEqual({
      variables: [{ name: "MAX_LEADS", type: "number", value: 100, system: false }],
      total: 1,
    });
  });

  it("says which scope is missing", async () => {
    const { ask } = await openMake(server, { scopes: ["organizations:read"] });
    expect(await ask("variables_list", organization)).toMatchObject({
      unavailable: { reason: "scope", need: "organization-variables:read" },
    });
  });
});

describe("variables_set", () => {
  it("creates, then changes, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { scope: "team", name: "SINCE", type: "date", value: "2026-11-01" };
    expect(await ask("variables_set", input)).toMatchSnapshot();
    expect(await ask("variables_set", { ...input, value: "2026-11-02" })).toMatchSnapshot();
    expect(stub.writes.map(({ method, path, body }) => [method, path, body])).toEqual([
      [
        "POST",
        "/teams/201/variables",
        { name: "SINCE", typeId: 4, value: "2026-11-01T00:00:00.000Z" },
      ],
      [
        "PATCH",
        "/teams/201/variables/SINCE",
        { name: "SINCE", typeId: 4, value: "2026-11-02T00:00:00.000Z" },
      ],
    ]);
  });

  it.each([
    ["number", "ten"],
    ["number", ""],
    ["number", "Infinity"],
    ["boolean", "yes"],
    ["date", "01.11.2026"],
    ["date", "2026-13-01"],
  ])("refuses a %s of %j", async (type, value) => {
    const { error, stub } = await openMake(server);
    await error("variables_set", { ...organization, name: "X", type, value }, "VALIDATION_ERROR");
    expect(stub.writes).toEqual([]);
  });

  it("leaves Make's own alone", async () => {
    const { error } = await openMake(server);
    const input = { ...organization, type: "string", value: "x" };
    await error("variables_set", { ...input, name: "organization.name" }, "VALIDATION_ERROR");
  });
});

it("variables_delete shows who mentions it, then deletes, and answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  mention(stub.world.blueprints, "{{var.organization.ENV}}-{{organization.`ENV`}}");
  const input = { ...organization, name: "ENV" };
  expect(await ask("variables_delete", input)).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("variables_delete", { ...input, confirm: true })).toMatchSnapshot();
  expect(stub.requests.at(-1)).toBe("DELETE /organizations/101/variables/ENV?confirmed=true");
});

it("variables_history answers in whole, with secrets masked", async () => {
  const { ask } = await openMake(server);
  expect(await ask("variables_history", { ...organization, name: "ENV" })).toMatchSnapshot();
  const secret = await ask("variables_history", { ...organization, name: "API_TOKEN" });
  expect(JSON.stringify(secret)).not.toContain("TOKEN-0002");
});

it("variables_usage answers in whole, and takes plain text for no mention", async () => {
  const { ask, stub } = await openMake(server);
  mention(stub.world.blueprints, "{{var.team.MAX_LEADS}} of organization.ENV");
  expect(await ask("variables_usage", { scope: "team", name: "MAX_LEADS" })).toMatchSnapshot();
  expect(await ask("variables_usage", { ...organization, name: "ENV" })).toMatchObject({
    data: { scenarios: [], scanned: 12 },
  });
});

/** Puts a text into a field of scenario 4001's first module. */
function mention(blueprints: Record<string, Record<string, unknown>>, text: string): void {
  const { blueprint } = blueprints["4001"] as { blueprint: { flow: { mapper: object }[] } };
  Object.assign(blueprint.flow[0]?.mapper ?? {}, { note: text });
}
