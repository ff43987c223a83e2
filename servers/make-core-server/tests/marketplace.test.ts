import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

it.each([
  ["apps_search", { text: "custom" }],
  ["apps_modules", { appName: "slack", version: "4" }],
  ["apps_usage", {}],
])("%s answers in whole", async (tool, input) => {
  const { ask } = await openMake(server);
  expect(await ask(tool, input)).toMatchSnapshot();
});

describe("apps_search", () => {
  it("puts the name before a keyword, and leaves custom apps out when told", async () => {
    const { data } = await openMake(server);
    expect(await data("apps_search", { text: "http" })).toMatchObject({ apps: [{ name: "http" }] });
    expect(await data("apps_search", { text: "crm" })).toMatchObject({
      apps: [{ name: "hubspotcrm" }],
    });
    expect(await data("apps_search", { text: "erp", includeCustom: false })).toEqual({
      apps: [],
      total: 0,
    });
  });
});

it("apps_usage judges no version where the catalogue cannot be had", async () => {
  const { ask } = await openMake(server, {
    intercept: ({ path }) =>
      path === "/imt/apps-meta" ? { status: 404, body: { code: "SC404" } } : undefined,
  });
  expect(await ask("apps_usage", { teamId: 202 })).toMatchObject({
    data: { apps: [{ app: "google-sheets", latestVersion: null, outdated: null }, {}, {}, {}, {}] },
    partial: [{ part: "latest versions", reason: "absent" }],
  });
});
