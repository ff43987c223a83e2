import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readJournal } from "#shared/make-api/journal.ts";
import { prepare } from "#shared/mcp/prepared.ts";
import { server } from "../src/server.ts";
import lock from "../tools.lock.json" with { type: "json" };
import { STUB_TOKEN } from "./shared/make-stub/denial.ts";
import { openMake } from "./shared/make-stub/harness.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";

const names = async (env: Record<string, string>) => {
  const instance = await server.open({ env });
  await instance.close();
  return instance.tools.map(({ name }) => name);
};

describe("without what it needs", () => {
  it("a call says which variable is missing and where to get it", async () => {
    const token = expectToolError(await callTool(server, "scenarios_list", {}), "CONFIG_ERROR");
    expect(token.message).toMatch(/MAKE_API_TOKEN.*Profile/);
    const env = { MAKE_API_TOKEN: STUB_TOKEN };
    const zone = expectToolError(
      await callTool(server, "scenarios_list", {}, { env }),
      "CONFIG_ERROR",
    );
    expect(zone.message).toContain("MAKE_ZONE");
  });

  it("a zone that is none stops the start, and so does a token sent in the clear", async () => {
    for (const MAKE_ZONE of ["eu9.make.com", "make.com", "http://make.example.com"])
      await expect(server.open({ env: { MAKE_ZONE } })).rejects.toThrow("MAKE_ZONE");
  });

  it("a team that is not configured is asked for", async () => {
    const { error } = await openMake(server, { env: { MAKE_TEAM: "" } });
    const { message } = await error("folders_tree", {}, "VALIDATION_ERROR");
    expect(message).toContain("MAKE_TEAM");
  });

  it("the only organisation of the token is taken", async () => {
    const { data } = await openMake(server, { env: { MAKE_ORGANIZATION: "" } });
    expect(await data("billing_usage", {})).toMatchObject({ usage: { used: 23_050 } });
  });

  it("of several organisations none is guessed", async () => {
    const organizations = [101, 102].map((id) => ({ id, name: `Org ${id}` }));
    const { error } = await openMake(server, {
      env: { MAKE_ORGANIZATION: "" },
      intercept: ({ path }) =>
        path === "/organizations" ? { body: { organizations, pg: {} } } : undefined,
    });
    const { message } = await error("billing_usage", {}, "CONFIG_ERROR");
    expect(message).toContain("102 (Org 102)");
  });

  it("the token may stand under the name that Make's own server has for it", async () => {
    const { data } = await openMake(server, {
      env: { MAKE_API_TOKEN: "", MAKE_API_KEY: STUB_TOKEN },
    });
    expect(await data("scenarios_list", {})).toMatchObject({ total: 12 });
  });
});

describe("what is listed", () => {
  it("is at most 20 tools, and none that writes until MAKE_WRITES is on", async () => {
    const reading = await names({});
    const writing = await names({ MAKE_WRITES: "on" });
    expect(writing.length).toBeLessThanOrEqual(20);
    expect(reading).not.toContain("scenarios_delete");
    expect(writing).toContain("scenarios_delete");
    const hidden = writing.filter((name) => !reading.includes(name));
    const tools = new Map(server.tools.map(({ listing }) => [listing.name, listing]));
    expect(hidden.every((name) => tools.get(name)?.annotations.readOnlyHint === false)).toBe(true);
    expect(reading.every((name) => tools.get(name)?.annotations.readOnlyHint)).toBe(true);
  });

  it("is all there is with TOOLSETS=all", async () => {
    const all = await names({ TOOLSETS: "all", MAKE_WRITES: "on" });
    expect(all).toEqual(server.tools.map(({ listing }) => listing.name));
  });

  it("comes from the lock file alone, also with a token, a zone and everything on", () => {
    const env = {
      TOOLSETS: "all",
      MAKE_WRITES: "on",
      MAKE_API_TOKEN: STUB_TOKEN,
      MAKE_ZONE: "eu1.make.com",
      MAKE_ORGANIZATION: "101",
      MAKE_STATE_DIR: "/var/lib/make",
      MAKE_REDIS_URL: "redis://redis:6379/1",
    };
    const names = lock.tools.map(({ name }) => JSON.stringify(name));
    expect(prepare(lock, env, () => names)?.listTools()).toBe(`[${names}]`);
    expect(names).toHaveLength(server.tools.length);
  });

  it("takes confirm where it destroys, and nowhere else", () => {
    for (const { listing } of server.tools) {
      const { properties = {} } = listing.inputSchema as { properties?: object };
      expect("confirm" in properties, listing.name).toBe(listing.annotations.destructiveHint);
    }
  });
});

describe("core_status", () => {
  it("answers in whole, and marks the tools whose scopes the token lacks", async () => {
    const { ask } = await openMake(server);
    expect(await ask("core_status")).toMatchSnapshot();
  });

  it("looks at the scopes once", async () => {
    const { ask, stub } = await openMake(server);
    await ask("core_status");
    await ask("core_status");
    const looks = stub.requests.filter((one) => one === "GET /users/me/current-authorization");
    expect(looks).toHaveLength(1);
  });
});

describe("a scan", () => {
  it("tells beforehand how many calls it takes, and how far it is", async () => {
    const told: unknown[][] = [];
    const { call } = await openMake(server);
    await call("apps_usage", {}, { progress: (...said) => told.push(said) });
    expect(told[0]).toEqual([0, 12, "12 calls for blueprints, at 240 a minute"]);
    expect(told.at(-1)).toEqual([12, 12, "blueprints"]);
  });

  it("stops when its caller leaves", async () => {
    const gone = new AbortController();
    const { call, stub } = await openMake(server, {
      intercept: ({ path }) => {
        if (path.endsWith("/blueprint")) gone.abort();
        return undefined;
      },
    });
    const { content, isError } = await call("apps_usage", {}, { signal: gone.signal });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toContain("CANCELLED");
    const asked = stub.requests.filter((one) => one.endsWith("/blueprint"));
    expect(asked.length).toBeLessThan(12);
  });

  it("reads a blueprint once, until its scenario is edited", async () => {
    const { ask, stub } = await openMake(server);
    const asked = () => stub.requests.filter((one) => one.endsWith("/blueprint")).length;
    await ask("apps_usage", {});
    await ask("blueprints_dependencies", {});
    expect(asked()).toBe(12);
    await ask("scenarios_update", { scenarioId: 4003, name: "Edited" });
    await ask("apps_usage", {});
    expect(asked()).toBe(13);
  });
});

describe("the journal", () => {
  it("has each change, chained to the one before, and shows where it was altered", async () => {
    const { ask, stateDir } = await openMake(server);
    await ask("folders_create", { name: "A" });
    await ask("scenarios_update", { scenarioId: 4003, name: "B" });
    const { entries, brokenAt } = await readJournal(stateDir);
    expect(entries).toMatchObject([
      {
        tool: "folders_create",
        endpoint: "POST /scenarios-folders",
        target: {},
        at: "2026-11-20T00:00:00.000Z",
      },
      {
        tool: "scenarios_update",
        endpoint: "PATCH /scenarios/{scenarioId}",
        target: { scenarioId: 4003 },
      },
    ]);
    expect(brokenAt).toBe(-1);
    const file = join(stateDir, "journal.jsonl");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("folders_create", "folders_delete"));
    expect((await readJournal(stateDir)).brokenAt).toBe(0);
  });

  it("that is not kept is told", async () => {
    const { ask } = await openMake(server, { env: { MAKE_STATE_DIR: "" } });
    const { warnings } = await ask("folders_create", { name: "A" });
    expect(warnings).toEqual([expect.stringContaining("MAKE_STATE_DIR")]);
  });
});
