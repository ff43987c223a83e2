import { describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { MAX_JSON_DEPTH } from "#shared/mcp/guards.ts";
import {
  cut,
  MAX_DEFINITION,
  MAX_DESCRIPTION,
  MAX_INSTRUCTIONS,
  MAX_LIST,
  MAX_TITLE,
} from "../src/foreign/bounds.ts";
import { readLists } from "../src/foreign/lists.ts";
import { moduleOf } from "../src/foreign/module.ts";
import { Session } from "../src/foreign/session.ts";
import type { Wire } from "../src/foreign/wire.ts";
import { MAX_TOOLS, parseCatalogue, unknownCatalogue } from "../src/mounts/catalogue.ts";

/** What the gateway reads of a server that answers with these pages of each list. */
function read(pages: Record<string, readonly JsonObject[][]>) {
  const keys: Record<string, string> = {
    "tools/list": "tools",
    "prompts/list": "prompts",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
  };
  const wire: Wire = {
    request: async ({ method, params }) => {
      const key = keys[String(method)] ?? "";
      const at = Number((params as JsonObject).cursor ?? 0);
      const more = at + 1 < (pages[key]?.length ?? 0);
      const result = { [key]: pages[key]?.[at] ?? [], ...(more && { nextCursor: String(at + 1) }) };
      return { jsonrpc: "2.0", result };
    },
    send: async () => {},
    onMessage: () => {},
    agreed: () => {},
    close: async () => {},
  };
  const session = new Session(wire, { name: "test", version: "1" });
  const facts = {
    era: "modern" as const,
    info: {},
    capabilities: { tools: {}, prompts: {}, resources: {} },
    instructions: "",
  };
  return readLists(session, facts, silentLog, new AbortController().signal);
}

const tool = (name: string, more: object = {}): JsonObject => ({
  name,
  inputSchema: { type: "object" },
  ...more,
});

/** A tool whose definition has so many characters. */
function sized(name: string, characters: number): JsonObject {
  const small = tool(name, { _meta: { pad: "" } });
  const pad = "x".repeat(characters - JSON.stringify(small).length);
  return tool(name, { _meta: { pad } });
}

/** A tool whose definition nests so deep. */
function deep(name: string, depth: number): JsonObject {
  let inner: unknown = {};
  // the definition, its schema, and what is around the innermost one
  for (let level = 3; level < depth; level++) inner = [inner];
  return tool(name, { inputSchema: { type: "object", default: inner } });
}

describe("of a foreign server", () => {
  it("a text is shown up to a length, and of a longer one its beginning", () => {
    expect(cut("x".repeat(10), 10)).toBe("x".repeat(10));
    expect(cut("x".repeat(11), 10)).toBe("xxxx [cut]");
    expect(cut(`xxx🙂${"x".repeat(9)}`, 10), "no half of a character").toBe("xxx [cut]");
  });

  it("descriptions and titles are shown up to a length, of everything that is listed", async () => {
    const texts = (extra: number) => ({
      title: "t".repeat(MAX_TITLE + extra),
      description: "d".repeat(MAX_DESCRIPTION + extra),
    });
    for (const extra of [0, 1]) {
      const lists = await read({
        tools: [[tool("a", texts(extra))]],
        prompts: [[{ name: "a", ...texts(extra) }]],
        resources: [[{ uri: "a://a", name: "a", ...texts(extra) }]],
        resourceTemplates: [[{ uriTemplate: "a://{a}", name: "a", ...texts(extra) }]],
      });
      for (const [one] of Object.values(lists)) {
        expect([one?.title, one?.description].map((text) => text?.length)).toEqual([
          MAX_TITLE,
          MAX_DESCRIPTION,
        ]);
        expect(one?.description?.endsWith("[cut]")).toBe(extra > 0);
      }
    }
  });

  it("so are its name, version and instructions", () => {
    const said = (extra: number) =>
      moduleOf("mount", {
        era: "modern",
        info: {
          name: "n".repeat(MAX_TITLE + extra),
          version: "v".repeat(MAX_TITLE + extra),
          description: "d".repeat(MAX_DESCRIPTION + extra),
        },
        capabilities: {},
        instructions: "i".repeat(MAX_INSTRUCTIONS + extra),
      });
    for (const extra of [0, 1]) {
      const { name, title, version, description, instructions } = said(extra);
      expect([name, title, version].map((text) => text.length)).toEqual(Array(3).fill(MAX_TITLE));
      expect([description.length, instructions.length]).toEqual([
        MAX_DESCRIPTION,
        MAX_INSTRUCTIONS,
      ]);
      expect(instructions.endsWith("[cut]")).toBe(extra > 0);
    }
  });

  it("a definition is left out that is too large or nests too deep, and the others are shown", async () => {
    const { tools } = await read({
      tools: [
        [
          sized("fits", MAX_DEFINITION),
          sized("large", MAX_DEFINITION + 1),
          deep("flat", MAX_JSON_DEPTH),
          deep("deep", MAX_JSON_DEPTH + 1),
          tool("x".repeat(128)),
          tool("x".repeat(129)),
          tool("a b"),
        ],
      ],
    });
    expect(tools.map(({ name }) => name)).toEqual(["fits", "flat", "x".repeat(128)]);
  });

  it("a list has so many characters, over all its pages", async () => {
    // two characters are those of the array, one parts two of its members
    const page = (characters: number) => [sized("a", characters - 2)];
    const most = await read({ tools: [page(MAX_LIST / 2), page(MAX_LIST / 2)] });
    expect(most.tools).toEqual([]);
    await expect(read({ tools: [page(MAX_LIST / 2), page(MAX_LIST / 2 + 1)] })).rejects.toThrow(
      `tools/list answers with more than ${MAX_LIST} characters`,
    );
  });

  it("a list that nests without end is none", async () => {
    const endless = Array.from({ length: 100_000 }).reduce<object>((inner) => [inner], {});
    await expect(read({ tools: [[tool("a", { _meta: endless })]] })).rejects.toThrow("tools/list");
  });
});

it("a server shows so many tools", () => {
  const many = (count: number) => ({
    ...unknownCatalogue("a"),
    tools: Array.from({ length: count }, (_, index) => tool(`t${index}`)),
  });
  expect(parseCatalogue(many(MAX_TOOLS), "its list").tools).toHaveLength(MAX_TOOLS);
  expect(() => parseCatalogue(many(MAX_TOOLS + 1), "its list")).toThrow("its list is malformed");
});
