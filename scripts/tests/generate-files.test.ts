import { expect, test } from "vitest";
import { renderBundleManifest } from "../lib/generate/bundle-manifest.ts";
import { checkBundleManifest } from "../lib/generate/bundle-manifest-rules.ts";
import { canonicalJson } from "../lib/generate/canonical-json.ts";
import { renderConfigTable } from "../lib/generate/config-table.ts";
import { renderDockerfile, renderDockerignore } from "../lib/generate/dockerfile.ts";
import { renderEnvExample } from "../lib/generate/env-example.ts";
import { renderServerJson } from "../lib/generate/server-json.ts";
import { checkToolNames } from "../lib/generate/tool-names.ts";
import { renderToolsLock } from "../lib/generate/tools-lock.ts";
import { serverFacts, toolEntry, variable } from "./support/server-facts.ts";

const lockOf = (facts = serverFacts()) => JSON.parse(renderToolsLock(facts));

test("the lock holds each tool as it is listed, its switches and a hash", () => {
  const [first, second] = lockOf().tools;
  const { hash, ...listing } = first;
  expect(listing).toEqual(toolEntry("get_wind").listing);
  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(second).toMatchObject({ name: "set_wind", toolset: "admin", feature: "FEATURE_SET" });
  expect(second.hash).not.toBe(hash);
});

test("the lock keeps the order of what is listed and sorts what has none", () => {
  const { tools, variables } = lockOf();
  expect(Object.keys(tools[0].inputSchema.properties)).toEqual(["b", "a"]);
  expect(Object.keys(variables)).toEqual([...Object.keys(variables)].sort());
});

test("the lock says how a start may judge variables, and the default of flags", () => {
  expect(lockOf().variables).toMatchObject({
    FEATURE_SET: { kind: "flag", default: false },
    LOG_LEVEL: { kind: ["debug", "info"] },
    WIND_KEY: { kind: "checked", secret: true },
  });
  const on = variable("F", { type: "boolean", default: "true", profiles: { staging: "false" } });
  expect(lockOf(serverFacts({ variables: [on] })).variables.F).toEqual({
    kind: "text",
    default: true,
    profiles: { staging: false },
  });
});

test("a tool's hash changes with its description and not with its switches", () => {
  const hashOf = (tool: ReturnType<typeof toolEntry>) =>
    lockOf(serverFacts({ server: { tools: [tool] } })).tools[0].hash;
  const tool = toolEntry("get_wind");
  expect(hashOf({ ...tool, toolset: "admin" })).toBe(hashOf(tool));
  const listing = { ...tool.listing, description: "Does something else." };
  expect(hashOf({ listing })).not.toBe(hashOf(tool));
});

test("canonical JSON does not know the order of keys, and knows that of lists", () => {
  expect(canonicalJson({ b: 1, a: [{ d: 1, c: null }] })).toBe('{"a":[{"c":null,"d":1}],"b":1}');
  expect(canonicalJson([2, 1])).toBe("[2,1]");
});

test(".env.example tells each variable, and holds no line that would change something", () => {
  expect(renderEnvExample(serverFacts())).toMatchInlineSnapshot(`
    "# Written by pnpm generate from the configuration. Do not edit.
    # Variables of wind-server: copy this file to .env beside it and set what you need. Empty means absent.

    # What WIND_KEY is for
    # Secret.
    # From: wind.example/keys
    WIND_KEY=

    # What WIND_LIMIT is for
    # WIND_LIMIT=10

    # What FEATURE_SET is for
    # FEATURE_SET=false

    # What LOG_LEVEL is for
    # Default: info, debug in staging
    # LOG_LEVEL=info

    # What READ_ONLY is for
    # READ_ONLY=false

    # What TOOLSETS is for
    # TOOLSETS=default

    # What PORT is for
    # PORT=
    "
  `);
});

test("the default of a secret is written nowhere", () => {
  const facts = serverFacts({ variables: [variable("KEY", { secret: true, default: "hush" })] });
  const renderers = [renderToolsLock, renderEnvExample, renderServerJson, renderBundleManifest];
  for (const render of [...renderers, renderConfigTable]) {
    const text = render(facts);
    expect(text).toMatch(/KEY/);
    expect(text).not.toContain("hush");
  }
});

test("server.json describes the stdio package, without what only HTTP reads", () => {
  expect(JSON.parse(renderServerJson(serverFacts()))).toMatchInlineSnapshot(`
    {
      "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      "description": "Tells the wind",
      "name": "io.github.someone/wind-server",
      "packages": [
        {
          "environmentVariables": [
            {
              "description": "What WIND_KEY is for. From wind.example/keys",
              "format": "string",
              "isRequired": false,
              "isSecret": true,
              "name": "WIND_KEY",
            },
            {
              "default": "10",
              "description": "What WIND_LIMIT is for",
              "format": "number",
              "isRequired": false,
              "isSecret": false,
              "name": "WIND_LIMIT",
            },
            {
              "default": "false",
              "description": "What FEATURE_SET is for",
              "format": "boolean",
              "isRequired": false,
              "isSecret": false,
              "name": "FEATURE_SET",
            },
            {
              "choices": [
                "debug",
                "info",
              ],
              "default": "info",
              "description": "What LOG_LEVEL is for",
              "format": "string",
              "isRequired": false,
              "isSecret": false,
              "name": "LOG_LEVEL",
            },
            {
              "default": "false",
              "description": "What READ_ONLY is for",
              "format": "boolean",
              "isRequired": false,
              "isSecret": false,
              "name": "READ_ONLY",
            },
            {
              "default": "default",
              "description": "What TOOLSETS is for",
              "format": "string",
              "isRequired": false,
              "isSecret": false,
              "name": "TOOLSETS",
            },
          ],
          "identifier": "wind-server",
          "registryType": "npm",
          "runtimeHint": "npx",
          "transport": {
            "type": "stdio",
          },
          "version": "1.2.3",
        },
      ],
      "repository": {
        "source": "github",
        "subfolder": "servers/wind-server",
        "url": "https://github.com/someone/servers",
      },
      "title": "Wind",
      "version": "1.2.3",
    }
  `);
});

test.each([
  ["mcpName", serverFacts({ package: { mcpName: "wind-server" } })],
  ["description must have 1 to 100", serverFacts({ server: { description: "x".repeat(101) } })],
  ["title must have 1 to 100", serverFacts({ server: { title: "" } })],
  ["must be exact", serverFacts({ server: { version: "^1.0.0" } })],
  ["https address", serverFacts({ package: { repository: "http://github.com/a/b" } })],
  ["github", serverFacts({ package: { repository: "https://example.com/a/b" } })],
  ["clean relative path", serverFacts({ package: { directory: "../wind-server" } })],
  [
    "one of its choices",
    serverFacts({ variables: [variable("A", { choices: ["x"], default: "y" })] }),
  ],
])("server.json is not written when a rule is broken: %s", (rule, facts) => {
  expect(() => renderServerJson(facts)).toThrow(rule);
});

test("manifest.json asks the user for what is the user's to decide", () => {
  expect(JSON.parse(renderBundleManifest(serverFacts()))).toMatchInlineSnapshot(`
    {
      "author": {
        "name": "someone",
      },
      "compatibility": {
        "platforms": [
          "darwin",
          "win32",
          "linux",
        ],
        "runtimes": {
          "node": ">=20.19",
        },
      },
      "description": "Tells the wind",
      "display_name": "Wind",
      "license": "MIT",
      "manifest_version": "0.3",
      "name": "wind-server",
      "prompts_generated": false,
      "repository": {
        "type": "git",
        "url": "https://github.com/someone/servers",
      },
      "server": {
        "entry_point": "dist/stdio.cjs",
        "mcp_config": {
          "args": [
            "\${__dirname}/dist/stdio.cjs",
          ],
          "command": "node",
          "env": {
            "FEATURE_SET": "\${user_config.feature_set}",
            "READ_ONLY": "\${user_config.read_only}",
            "TOOLSETS": "\${user_config.toolsets}",
            "WIND_KEY": "\${user_config.wind_key}",
            "WIND_LIMIT": "\${user_config.wind_limit}",
          },
        },
        "type": "node",
      },
      "tools": [
        {
          "description": "Does get_wind. Use it when you must.",
          "name": "get_wind",
        },
        {
          "description": "Does set_wind. Use it when you must.",
          "name": "set_wind",
        },
      ],
      "tools_generated": false,
      "user_config": {
        "feature_set": {
          "default": false,
          "description": "What FEATURE_SET is for",
          "required": false,
          "title": "FEATURE_SET",
          "type": "boolean",
        },
        "read_only": {
          "default": false,
          "description": "What READ_ONLY is for",
          "required": false,
          "title": "READ_ONLY",
          "type": "boolean",
        },
        "toolsets": {
          "default": "default",
          "description": "What TOOLSETS is for",
          "required": false,
          "title": "TOOLSETS",
          "type": "string",
        },
        "wind_key": {
          "default": "",
          "description": "What WIND_KEY is for. From wind.example/keys",
          "required": false,
          "sensitive": true,
          "title": "WIND_KEY",
          "type": "string",
        },
        "wind_limit": {
          "default": 10,
          "description": "What WIND_LIMIT is for",
          "required": false,
          "title": "WIND_LIMIT",
          "type": "number",
        },
      },
      "version": "1.2.3",
    }
  `);
});

test("manifest.json does not ask for switches that switch nothing", () => {
  const facts = serverFacts({ server: { tools: [toolEntry("get_wind")], toolsets: {} } });
  const { user_config: fields } = JSON.parse(renderBundleManifest(facts));
  expect(Object.keys(fields)).toEqual(["wind_key", "wind_limit", "feature_set"]);
});

test("manifest.json is not written when a rule is broken", () => {
  const broken = serverFacts({ server: { version: "1" }, package: { author: "" } });
  expect(() => renderBundleManifest(broken)).toThrow(/must be exact.*; author must have a name/);
  const clash = serverFacts({ variables: [variable("A"), variable("a")] });
  expect(() => renderBundleManifest(clash)).toThrow("differ only in case");
  const manifest = JSON.parse(renderBundleManifest(serverFacts()));
  manifest.user_config.wind_limit.default = "many";
  delete manifest.user_config.feature_set;
  const both = /feature_set is not in user_config; the default of wind_limit is no number/;
  expect(() => checkBundleManifest(manifest)).toThrow(both);
});

test("the Dockerfile copies only what runs", () => {
  const plain = renderDockerfile(serverFacts());
  expect(plain).toContain("HOST=0.0.0.0 PORT=3456");
  expect(plain).toContain("USER node");
  expect(plain).not.toContain("node_modules");
  const native = renderDockerfile(serverFacts({ package: { runtimePackages: ["sharp"] } }));
  expect(native).toContain("install --prod --frozen-lockfile");
  expect(native).toContain("COPY --from=build /app/node_modules ./node_modules");
});

test("no secret gets into an image", () => {
  expect(renderDockerignore().split("\n")).toEqual(expect.arrayContaining([".env", ".env.*"]));
});

test("a tool's name fits the clients' prefix", () => {
  const named = (name: string) => serverFacts({ server: { tools: [toolEntry(name)] } });
  const longest = "x".repeat(64 - "mcp__wind__".length);
  expect(() => checkToolNames(named(longest))).not.toThrow();
  expect(() => checkToolNames(named(`${longest}x`))).toThrow("has 65 characters, more than 64");
  expect(() => checkToolNames(named("get wind"))).toThrow("must be letters, digits, _ and -");
});
