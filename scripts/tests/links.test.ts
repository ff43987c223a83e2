import { expect, test } from "vitest";
import { checkLinks } from "../lib/checks/links.ts";
import { anchorsOf, slugOf } from "../lib/checks/markdown.ts";
import { tempRepository } from "./support/temp-repository.ts";

function problemsIn(markdown: string, files: Record<string, string> = {}): string[] {
  return checkLinks(tempRepository({ "docs/page.md": markdown, ...files })).problems;
}

test("accepts links to files, folders, headings, lines and the web", () => {
  const page = `# A page
[file](../src/a.ts) [line](../src/a.ts#L2) [folder](../src/) [dot](./other.md#the-end)
[here](#a-page) ![image](<with space.png>) [escaped](with%20space.png "title")
[![badge](with%20space.png)](../README.md) <a href="../README.md">x</a> [mail](mailto:a@b.example)
[web](https://example.com/a_(b)?q=1#x) [reference][r] [editor](vscode:mcp/install?%7B%7D)

[r]: ../README.md#Custom`;
  const files = {
    "README.md": '<a id="Custom"></a>',
    "src/a.ts": "1\n2\n",
    "docs/other.md": "The end\n=======\n",
    "docs/with space.png": "",
  };
  expect(problemsIn(page, files)).toEqual([]);
});

test("reports a file, a heading and a line that do not exist, with the place", () => {
  const page = "# Page\n\n[a](missing.md)\n[b](#nowhere)\n[c](../a.ts#L9) [d](../a.ts#main)";
  expect(problemsIn(page, { "a.ts": "1\n" })).toEqual([
    "docs/page.md:3 missing.md: docs/missing.md does not exist (or git ignores it)",
    "docs/page.md:4 #nowhere: no heading #nowhere in docs/page.md",
    "docs/page.md:5 ../a.ts#L9: a.ts has no line 9",
    "docs/page.md:5 ../a.ts#main: #main cannot be found in a.ts, which has no headings",
  ]);
});

test("reports a link to what git ignores: a clone would not have it", () => {
  const files = { ".gitignore": "dist/\n", "dist/a.js": "" };
  expect(problemsIn("[built](../dist/a.js)", files)).toHaveLength(1);
});

test("reports absolute paths, paths of one machine and links out of the repository", () => {
  const home = ["", "home", "somebody", "work"].join("/");
  const page = `[a](/docs/page.md) [b](../../else.md)\n\`\`\`\ncd ${home}\n\`\`\``;
  expect(problemsIn(page)).toEqual([
    "docs/page.md:1 /docs/page.md: absolute local path",
    "docs/page.md:1 ../../else.md: leaves the repository",
    `docs/page.md:3 ${home.slice(0, -5)}: a path of one machine`,
  ]);
  expect(problemsIn("Put it in `/Users/you/notes` or `/home/<name>/notes`.")).toEqual([]);
});

test("reports an address that cannot be one, and an empty link", () => {
  expect(problemsIn("[a](http://) [b]()")).toHaveLength(2);
});

test("ignores links in code and in comments", () => {
  const page = "```md\n[a](no.md)\n~~~\n[a](no.md)\n```\n`[b](no.md)` <!-- [c](no.md) -->\n";
  expect(problemsIn(`${page}~~~~\n~~~\n[d](no.md)\n~~~~\n`)).toEqual([]);
  expect(problemsIn(`${page}[e](no.md)`)).toHaveLength(1);
});

test("makes slugs as GitHub does", () => {
  expect(slugOf("Add a tool: `defineTool`, step by step!")).toBe(
    "add-a-tool-definetool-step-by-step",
  );
  expect(slugOf("A & B")).toBe("a--b");
  expect(slugOf("[Linked](x.md) _emphasis_ and snake_case")).toBe("linked-emphasis-and-snake_case");
  expect(slugOf("Größe 2.0")).toBe("größe-20");
});

test("numbers headings of the same name", () => {
  const anchors = anchorsOf("# One\n## One\n### One ###\n# One 1\n```\n# Not one\n```\n");
  expect([...anchors]).toEqual(["one", "one-1", "one-2", "one-1-1"]);
});
