import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type ClientConfigOptions, clientConfig } from "../lib/clients/command.ts";
import { dialects } from "../lib/clients/dialects.ts";
import { emptyEnvironment } from "../lib/standalone/environment.ts";
import { listTools2025 } from "../lib/standalone/raw-client.ts";
import { connectHttp2025 } from "../lib/standalone/raw-http.ts";
import { startStdio } from "../lib/standalone/raw-stdio.ts";
import { startHttp } from "../lib/standalone/start-http.ts";
import { builtServer } from "./support/built-server.ts";
import { readAsClient } from "./support/client-reader.ts";
import { tempFolder } from "./support/temp-folder.ts";

function run(options: Partial<ClientConfigOptions> & { client: string }) {
  const [told, printed]: [string[], string[]] = [[], []];
  clientConfig({
    servers: [builtServer()],
    write: false,
    replace: false,
    npx: false,
    windows: false,
    env: [],
    print: (text) => printed.push(text),
    tell: (line) => told.push(line),
    ...options,
  });
  return { told: told.join("\n"), printed: printed.join("\n") };
}

const clients = Object.keys(dialects);
const overHttp = clients.filter((client) => client !== "claude-desktop");

describe.each(clients)("what is written for %s", (client) => {
  test("starts the server from anywhere, with its variables, as the client reads it", async () => {
    vi.stubEnv("WIND_KEY", "sesame");
    const server = builtServer();
    const [folder, elsewhere] = [tempFolder(), tempFolder()];
    const file = join(folder, "deep", "config");
    const env = ["WIND_UNIT=knots per hour", "WIND_KEY"];
    run({ client, write: true, file, servers: [server], env });
    const launch = readAsClient(client, file, "wind", { WIND_KEY: "sesame" });
    expect(launch.command).toBe(process.execPath);
    const started = startStdio(launch.args ?? [], {
      cwd: elsewhere,
      env: { ...emptyEnvironment(), ...launch.env },
    });
    onTestFinished(started.kill);
    expect(await listTools2025(started)).toEqual(["first_tool", "second_tool"]);
    const seen = JSON.parse(readFileSync(join(server.dir, "started.json"), "utf8"));
    expect(seen.env).toMatchObject({ WIND_KEY: "sesame", WIND_UNIT: "knots per hour" });
    expect(seen.cwd).toBe(elsewhere);
  });
});

test.each(overHttp)(
  "what is written for %s reaches a server over HTTP, with its key",
  async (client) => {
    vi.stubEnv("WIND_KEY", "sesame");
    const server = builtServer();
    const http = await startHttp(["dist/http.js"], { cwd: server.dir, env: emptyEnvironment() });
    onTestFinished(http.kill);
    const file = join(tempFolder(), "config");
    run({ client, write: true, file, servers: [server], url: http.url, keyVariable: "WIND_KEY" });
    const { url = "", headers } = readAsClient(client, file, "wind", { WIND_KEY: "sesame" });
    expect(headers).toEqual({ Authorization: "Bearer sesame" });
    expect(await listTools2025(connectHttp2025(url))).toEqual(["first_tool", "second_tool"]);
  },
);

test("has a file of its own for each client, on every system", () => {
  const places = (windows: boolean) => ({
    windows,
    home: "HOME",
    settings: "SETTINGS",
    project: "PROJECT",
    env: {},
    join: (...parts: string[]) => parts.join("/"),
  });
  const files = clients.map((client) => dialects[client]?.file(places(false)));
  expect(new Set(files).size).toBe(files.length);
  expect(files).toContain("SETTINGS/Claude/claude_desktop_config.json");
  expect(dialects.zed?.file(places(false))).toBe("HOME/.config/zed/settings.json");
  expect(dialects.zed?.file(places(true))).toBe("SETTINGS/Zed/settings.json");
});

test("prints the entry alone, and what it costs and the links beside it", () => {
  const { told, printed } = run({ client: "cursor" });
  expect(JSON.parse(printed).mcpServers.wind.type).toBe("stdio");
  expect(told).toMatch(/^total +2 tools +\d+ tokens\n\(o200k_base by gpt-tokenizer/);
  const link = /cursor:\/\/anysphere.cursor-deeplink\/mcp\/install\?(\S+)/.exec(told)?.[1];
  const query = new URLSearchParams(link);
  const config = Buffer.from(query.get("config") ?? "", "base64").toString();
  expect(query.get("name")).toBe("wind");
  expect(JSON.parse(config)).toEqual(JSON.parse(printed).mcpServers.wind);
});

test("links that VS Code opens hold the entry, its name and what it asks for", () => {
  const { told } = run({ client: "vscode", env: ["WIND_KEY"] });
  const link = /vscode:mcp\/install\?(\S+)/.exec(told)?.[1] ?? "";
  const inputs = [
    { type: "promptString", id: "wind-key", description: "WIND_KEY", password: true },
  ];
  const env = { WIND_KEY: "$" + "{input:wind-key}" };
  const parsed = JSON.parse(decodeURIComponent(link));
  expect(parsed).toMatchObject({ name: "wind", type: "stdio", env, inputs });
});

test("starts the published package through npx, on Windows through its shell", () => {
  const entryOf = (windows: boolean) =>
    JSON.parse(run({ client: "zed", npx: true, windows }).printed).context_servers.wind;
  expect(entryOf(false)).toEqual({ command: "npx", args: ["-y", "wind-server@1.2.3"] });
  expect(entryOf(true)).toEqual({
    command: "cmd",
    args: ["/c", "npx", "-y", "wind-server@1.2.3"],
  });
});

test("tells names that two servers share, and more tools than the client takes", () => {
  const many = Array.from({ length: 128 }, (_, index) => `tool_${index}`);
  const servers = [builtServer("wind-server", many), builtServer("tide-server", ["tool_7"])];
  const { told } = run({ client: "vscode", servers });
  expect(told).toContain("collision  tool_7 is a tool of wind and tide");
  expect(told).toContain("VS Code uses at most 128 tools");
  const fitting = run({ client: "vscode", servers: [builtServer("wind-server", many)] }).told;
  expect(fitting).toContain("no two tools share a name");
  expect(fitting).not.toContain("uses at most");
});

test("never prints a secret, and writes one only where the client cannot look it up", () => {
  vi.stubEnv("WIND_KEY", "sesame");
  const shown = run({ client: "claude-desktop", env: ["WIND_KEY"] });
  expect(shown.printed).toContain("<value of WIND_KEY>");
  const given = run({ client: "cursor", env: ["WIND_KEY=sesame"] });
  expect(given.told + given.printed).not.toContain("sesame");
  vi.stubEnv("WIND_KEY", undefined);
  const file = join(tempFolder(), "config");
  expect(() => run({ client: "zed", write: true, file, env: ["WIND_KEY"] })).toThrow(
    "set WIND_KEY here",
  );
});

test("says what is wrong with what it was asked", () => {
  expect(() => run({ client: "claude" })).toThrow('no client "claude"; known: claude-desktop,');
  expect(() => run({ client: "zed", env: ["TIDE"] })).toThrow(
    "no server chosen reads TIDE\nwind-server: WIND_KEY, WIND_UNIT",
  );
  expect(() => run({ client: "zed", env: ["a b"] })).toThrow("NAME or NAME=value");
  expect(() => run({ client: "zed", url: "ftp://x" })).toThrow("no http or https address");
  expect(() => run({ client: "claude-desktop", url: "http://x" })).toThrow("under Connectors");
  const two = { servers: [builtServer(), builtServer("tide-server")], url: "http://x/mcp" };
  expect(() => run({ client: "zed", ...two })).toThrow("address of one server");
});
