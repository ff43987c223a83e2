import { describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { joinName } from "../src/aggregate/names.ts";
import { mayUse } from "../src/policy/policy.ts";
import { MAX_FOUND, MAX_QUERY_LENGTH } from "../src/search/tools.ts";
import { profileEntry } from "../src/settings/schema.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { describeAtEachAddress } from "./support/address.ts";
import { errorOf, textOf } from "./support/gateway.ts";
import { restOfSuite } from "./support/rest.ts";

const profiles = {
  some: { servers: ["ty*"], tools: { allow: ["typed:*"], deny: ["typed:f*"] } },
  reading: { readOnly: true },
  search: { search: true, tools: { deny: ["*:fail"] } },
};

it.each([
  "files:remove_everything_in_folder_tree_permanently",
  "files:*_permanently",
  "*:*_permanently",
  "*:remove_everything*",
  "files:*",
  "*",
])("a tool whose name is cut in /mcp is denied by its own: %s", (pattern) => {
  const tool = "remove_everything_in_folder_tree_permanently";
  const mount = { name: "files", prefix: "other" };
  expect(joinName(mount.prefix, tool)).not.toContain(tool);
  const may = (tools: object) => {
    const profile = { name: "p", ...profileEntry.parse({ tools }) };
    return mayUse({ profile }, mount, tool, undefined);
  };
  expect([may({}), may({ deny: [pattern] }), may({ allow: [pattern] })]).toEqual([
    true,
    false,
    true,
  ]);
  expect([may({ deny: ["other:*", "files:remove"] }), may({ allow: ["other:*"] })]).toEqual([
    true,
    false,
  ]);
});

describeAtEachAddress((replicas) => {
  const rest = restOfSuite({ replicas, gateway: { profiles } });

  const rpc = (profile: string, era: "legacy" | "modern", method: string, params?: JsonObject) =>
    rest.gateway.rpc(`p/${profile}`, era, method, params);
  const namesIn = (answer: JsonObject) =>
    (answer.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
  const call = (name: string, input: object = {}) => ({ name, arguments: input });

  describe.each(ERAS)("a profile (%s)", (era) => {
    it("shows what it lets through, and what it hides is as if it were not there", async () => {
      const names = namesIn(await rpc("some", era, "tools/list"));
      expect(names).toContain("typed__add");
      expect(names.filter((name) => !name.startsWith("typed__"))).toEqual([]);
      const hidden = await rpc("some", era, "tools/call", call("typed__fail"));
      const unknown = await rpc("some", era, "tools/call", call("typed__none"));
      const shape = (answer: JsonObject, name: string) =>
        JSON.stringify(answer).replaceAll(name, "NAME");
      expect(shape(hidden, "typed__fail")).toBe(shape(unknown, "typed__none"));
      const elsewhere = await rpc("some", era, "tools/call", call("narrow__plain"));
      expect(elsewhere.error).toMatchObject({ code: -32602 });
      expect(textOf(await rpc("some", era, "tools/call", call("typed__plain")))).toBe("123");
    });

    it("that only reads shows no tool that writes", async () => {
      const names = namesIn(await rpc("reading", era, "tools/list"));
      expect(names).toContain("typed__add");
      expect(names).not.toContain("typed__remove");
      const refused = await rpc("reading", era, "tools/call", call("typed__remove"));
      expect(refused.error).toMatchObject({ code: -32602 });
    });

    it("that is none is not found", async () => {
      await expect(rpc("none", era, "tools/list")).rejects.toThrow("HTTP 404");
    });
  });

  describe("the search surface", () => {
    it("shows three tools, finds others by words, describes and calls them", async () => {
      expect(namesIn(await rpc("search", "modern", "tools/list"))).toEqual([
        "search_tools",
        "describe_tool",
        "call_tool",
      ]);
      const found = await rpc(
        "search",
        "modern",
        "tools/call",
        call("search_tools", { query: "add" }),
      );
      const { tools } = JSON.parse(textOf(found));
      expect(tools[0].name).toMatch(/__add$/);
      const described = await rpc(
        "search",
        "modern",
        "tools/call",
        call("describe_tool", { name: "typed__add" }),
      );
      expect(JSON.parse(textOf(described)).inputSchema.required).toEqual(["a", "b"]);
      const through = call("call_tool", { name: "typed__add", arguments: { a: 1, b: 2 } });
      const called = await rpc("search", "legacy", "tools/call", through);
      expect(called.result).toMatchObject({ structuredContent: { sum: 3 } });
      const directly = await rpc("search", "legacy", "tools/call", call("typed__plain"));
      expect(textOf(directly)).toBe("123");
    });

    it("neither finds, describes nor calls what its profile hides", async () => {
      const query = { query: "fail typed", limit: MAX_FOUND };
      const found = await rpc("search", "modern", "tools/call", call("search_tools", query));
      expect(textOf(found)).not.toContain("__fail");
      const hidden = { name: "typed__fail" };
      const described = await rpc("search", "modern", "tools/call", call("describe_tool", hidden));
      expect(errorOf(described)).toMatchObject({ code: "NOT_FOUND" });
      const called = await rpc("search", "modern", "tools/call", call("call_tool", hidden));
      const { code, message } = errorOf(described);
      expect(errorOf(called)).toMatchObject({ code, message });
    });

    it.each([
      [{ query: "" }, "VALIDATION_ERROR"],
      [{ query: "x".repeat(MAX_QUERY_LENGTH + 1) }, "VALIDATION_ERROR"],
      [{ query: "x", limit: MAX_FOUND + 1 }, "VALIDATION_ERROR"],
      [{ query: "x", other: 1 }, "VALIDATION_ERROR"],
    ])("bounds what it is asked (%#)", async (input, code) => {
      const answer = await rpc("search", "modern", "tools/call", call("search_tools", input));
      expect(errorOf(answer)).toMatchObject({ code });
    });
  });

  it("tools that an entry denies are neither listed nor called, on any surface", async () => {
    expect(namesIn(await rest.gateway.rpc("filtered", "modern", "tools/list"))).toEqual(["add"]);
    const called = await rest.gateway.rpc("filtered", "legacy", "tools/call", call("plain"));
    expect(called.error).toMatchObject({ code: -32602 });
    const joined = await rest.gateway.rpc("", "legacy", "tools/call", call("filtered__plain"));
    expect(joined.error).toMatchObject({ code: -32602 });
    expect((await rest.call("filtered", "plain")).status).toBe(404);
    const document = await (await rest.get("/openapi.json")).text();
    expect(document).not.toContain("/filtered/tools/plain");
  });

  it("a prefix of its own is that of its tools in the aggregate, and not its path", async () => {
    const names = namesIn(await rest.gateway.rpc("", "modern", "tools/list"));
    expect(names).toContain("renamed__add");
    expect(names).not.toContain("prefixed__add");
    const sum = await rest.call("prefixed", "add", { a: 1, b: 1 });
    expect(await sum.json()).toEqual({ sum: 2 });
  });
});
