import { expect, test } from "vitest";
import { renderConfigTable } from "../lib/generate/config-table.ts";
import { fillRegions } from "../lib/generate/regions.ts";
import { renderServersTable } from "../lib/generate/servers-table.ts";
import { renderToolsTable } from "../lib/generate/tools-table.ts";
import { serverFacts, toolEntry } from "./support/server-facts.ts";

const regions = { tools: "TOOLS", config: "CONFIG" };
const page = `# A  title\t

<!-- generated:tools -->
old
<!-- /generated -->
between
<!-- generated:config -->
<!-- /generated -->
no newline at the end`;

test("fills the regions and keeps every other byte", () => {
  const filled = fillRegions(page, regions);
  expect(filled).toBe(
    page
      .replace("\nold\n", "\n\nTOOLS\n\n")
      .replace("config -->\n<!--", "config -->\n\nCONFIG\n\n<!--"),
  );
  expect(fillRegions(filled, regions)).toBe(filled);
});

test("keeps the line ends of a file from Windows", () => {
  const windows = page.replaceAll("\n", "\r\n");
  expect(fillRegions(windows, regions)).toBe(fillRegions(page, regions).replaceAll("\n", "\r\n"));
});

test.each([
  ["a region is not there", "", "add these lines"],
  ["a marker is not known", page.replace("generated:tools", "generated:tolos"), "is not known"],
  ["a region has no end", page.replace("old\n<!-- /generated -->", "old"), "has no <!-- /gen"],
  ["the last has no end", page.replace(/config -->\n.*/, "config -->"), "has no <!-- /gen"],
  ["an end has no start", page.replace("<!-- generated:tools -->", ""), "ends nothing"],
  ["a region is there twice", page + page.replace(/^.*\t/, "\n"), "is there twice"],
])("throws when %s", (_, text, message) => {
  expect(() => fillRegions(text, regions)).toThrow(message);
});

test("a marker within a line is text", () => {
  const text = `${page}\nwrite \`<!-- generated:other -->\` in it`;
  expect(fillRegions(text, regions)).toContain("`<!-- generated:other -->`");
});

test("the table of tools tells access and what switches them", () => {
  expect(renderToolsTable(serverFacts())).toMatchInlineSnapshot(`
    "| Tool | What it does | Access | Toolset |
    | --- | --- | --- | --- |
    | \`get_wind\` | Does get_wind. | reads |  |
    | \`set_wind\` | Does set_wind. | writes, can destroy | \`admin\`, while \`FEATURE_SET\` is true |"
  `);
});

test("a server without tools of its own says so", () => {
  const facts = serverFacts({ server: { tools: [] } });
  expect(renderToolsTable(facts)).toBe("It has no tools of its own.");
});

test("the table of tools keeps a sentence with a dot in it, and escapes what would break it", () => {
  const { listing } = toolEntry("get_wind");
  const described = (description: string) =>
    renderToolsTable(
      serverFacts({ server: { tools: [{ listing: { ...listing, description } }] } }),
    );
  expect(described("Reads v1.5 of a|b. Then more.")).toContain("| Reads v1.5 of a\\|b. |");
  expect(described("No end\nat all")).toContain("| No end at all |");
  expect(described("One.")).not.toContain("Toolset");
});

test("the table of variables tells defaults, profiles and secrets", () => {
  expect(renderConfigTable(serverFacts())).toMatchInlineSnapshot(`
    "| Variable | Default | What for | Secret |
    | --- | --- | --- | --- |
    | \`WIND_KEY\` |  | What WIND_KEY is for. From wind.example/keys | secret |
    | \`WIND_LIMIT\` | \`10\` | What WIND_LIMIT is for |  |
    | \`FEATURE_SET\` | \`false\` | What FEATURE_SET is for |  |
    | \`LOG_LEVEL\` | \`info\`, \`debug\` in staging | What LOG_LEVEL is for |  |
    | \`READ_ONLY\` | \`false\` | What READ_ONLY is for |  |
    | \`TOOLSETS\` | \`default\` | What TOOLSETS is for |  |
    | \`PORT\` |  | What PORT is for |  |"
  `);
});

test("the table of servers links each", () => {
  expect(renderServersTable([serverFacts()])).toMatchInlineSnapshot(`
    "| Server | What it does | Tools | Port |
    | --- | --- | --- | --- |
    | [wind-server](servers/wind-server/README.md) | Tells the wind | \`get_wind\`, \`set_wind\` | 3456 |"
  `);
});

test("names the usual tools of a server that has many", () => {
  const facts = serverFacts();
  const [entry] = facts.server.tools;
  if (!entry) throw new Error("the facts have no tool");
  const named = (name: string, toolset?: string) => ({
    listing: { ...entry.listing, name },
    ...(toolset !== undefined && { toolset }),
  });
  const many = Array.from({ length: 20 }, (_, index) => named(`rare_${index}`, "rare"));
  const toolsets = {
    usual: { describe: "", default: true },
    rare: { describe: "", default: false },
  };
  const table = (tools: ReturnType<typeof named>[]) =>
    renderServersTable([{ ...facts, server: { ...facts.server, tools, toolsets } }]);
  expect(table([named("always"), named("shown", "usual"), ...many])).toContain(
    "`always`, `shown` and 20 more in toolsets",
  );
  expect(table(many)).toContain("`rare_19` |");
});
