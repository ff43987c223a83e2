import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { server } from "../src/server.ts";
import { callTool } from "./shared/testing/call.ts";
import { withRoot } from "./support/files.ts";

/** What the examples were run on. */
const tree = {
  "src/config.ts":
    'export const port = 3000;\n\n// TODO: read it from the environment\nexport const host = "127.0.0.1";\n',
  "app.log": "line 1\nline 2\nline 3\nline 4\nline 5\n",
  "package.json": '{ "name": "demo" }\n',
  ".gitignore": "node_modules/\n",
  "node_modules/x/i.js": "// TODO in a dependency\n",
  ".env": "KEY=1\n",
};

/** They differ from run to run, or are shortened in the text. */
const CHANGING = new Set(["etag", "modified", "next_cursor"]);
const settled = (value: unknown, tool: string): unknown =>
  JSON.parse(JSON.stringify(value), (key, one) => {
    // how small a file is packed is up to the zlib of the Node
    const isChanging = CHANGING.has(key) || (tool === "create_archive" && key === "size");
    return isChanging ? "…" : one;
  });

/** Pairs of a call and its result. */
function examples(): { tool: string; input: Record<string, unknown>; result: unknown }[] {
  const block = /<!-- examples -->\s+```\n([\s\S]*?)```/.exec(
    readFileSync("README.md", "utf8"),
  )?.[1];
  return (block ?? "")
    .trim()
    .split("\n\n")
    .map((example) => {
      const [call = "", result = ""] = example.split("\n");
      const space = call.indexOf(" ");
      const input = JSON.parse(call.slice(space + 1));
      return { tool: call.slice(0, space), input, result: JSON.parse(result) };
    });
}

test("the examples of the README give what they show", () =>
  withRoot(tree, async (root) => {
    const env = { ALLOWED_ROOTS: JSON.stringify([root]), ALLOW_WRITE: "true" };
    const all = examples();
    expect(all.length).toBeGreaterThan(10);
    for (const { tool, input, result } of all) {
      const { structuredContent } = await callTool(server, tool, input, { env });
      expect(settled(structuredContent, tool), tool).toEqual(settled(result, tool));
    }
  }));
