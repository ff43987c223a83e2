import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

it.each([
  ["templates_list", { usedApps: ["json"] }],
  ["templates_get", { templateId: 21 }],
  ["templates_search_public", { name: "slack leads" }],
])("%s answers in whole", async (tool, input) => {
  const { ask } = await openMake(server);
  expect(await ask(tool, input)).toMatchSnapshot();
});

describe("templates_get", () => {
  it("reads public ones by their address", async () => {
    const { data } = await openMake(server);
    expect(await data("templates_get", { publicUrl: "302-new-leads-to-slack" })).toMatchObject({
      template: { id: 302 },
      connections: [{ type: "slack3", modules: [{ id: 2 }] }],
    });
  });

  it("takes one of the two", async () => {
    const { error } = await openMake(server);
    await error("templates_get", {}, "VALIDATION_ERROR");
    await error("templates_get", { templateId: 21, publicUrl: "x" }, "VALIDATION_ERROR");
    await error("templates_get", { publicUrl: "../users" }, "VALIDATION_ERROR");
  });
});

describe("templates_create", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("templates_create", { scenarioId: 4006, name: "Import" })).toMatchSnapshot();
  });

  it("refuses a blueprint with a secret in it", async () => {
    const { error, stub } = await openMake(server);
    const { message } = await error(
      "templates_create",
      { scenarioId: 4001, name: "x" },
      "VALIDATION_ERROR",
    );
    expect(message).toContain("secrets_scan");
    expect(stub.writes).toEqual([]);
  });
});

describe("templates_use", () => {
  it("connects what is mapped, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { templateId: 21, name: "MKT | Intake", map: { slack3: 6004 } };
    expect(await ask("templates_use", input)).toMatchSnapshot();
    const body = stub.writes[0]?.body as { blueprint: string; basedon: number };
    const { flow } = JSON.parse(body.blueprint) as { flow: { parameters: object }[] };
    expect(flow[1]?.parameters).toEqual({ __IMTCONN__: 6004 });
    expect(body.basedon).toBe(21);
  });

  it("names the connections that are still to be chosen", async () => {
    const { data } = await openMake(server);
    expect(await data("templates_use", { templateId: 21, name: "x" })).toMatchObject({
      unmapped: ["slack3"],
    });
  });
});
