import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { runWith, startFixtures, startWith, textOf } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const slow = (ms: number) => ({ name: "slow", arguments: { ms } });

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (name) => {
  it("lets the call in flight end, takes no other, and exits 0", async () => {
    const gateway = await startFixtures("alpha");
    const call = gateway.rpc("alpha", "modern", "tools/call", slow(1_000));
    await gateway.rpc("alpha", "modern", "tools/call", { name: "echo", arguments: {} });
    gateway.signal(name);
    await until(
      () =>
        gateway.ask("/ready").then(
          ({ status }) => status === 503,
          () => true,
        ),
      "No more readiness",
    );
    expect(textOf(await call)).toBe("slept");
    expect(await gateway.exit()).toEqual({ code: 0, signal: null });
  });

  it("given twice ends it at once", async () => {
    const gateway = await startFixtures("alpha");
    const call = gateway.rpc("alpha", "modern", "tools/call", slow(60_000)).catch(() => "cut off");
    await gateway.rpc("alpha", "modern", "tools/call", { name: "echo", arguments: {} });
    gateway.signal(name);
    await until(
      () =>
        gateway.ask("/health").then(
          () => false,
          () => true,
        ),
      "The end of listening",
    );
    gateway.signal(name);
    expect(await gateway.exit()).toEqual({ code: 130, signal: null });
    expect(await call).toBe("cut off");
  });
});

it("exits 0 while servers still hang or wait to be tried again", async () => {
  const root = await testFolder();
  const hang = { package: await writeServer(root, "hang"), env: { FIXTURE_HANG: "1" } };
  const gone = { package: `${root}/gone` };
  const gateway = await startWith(await writeConfig(root, { hang, gone }));
  await gateway.says(/^backoff +gone/);
  gateway.signal("SIGTERM");
  expect(await gateway.exit()).toEqual({ code: 0, signal: null });
});

describe("a start that cannot be", () => {
  const failure = async (args: string[], env: Record<string, string> = {}) => {
    const gateway = runWith(args, { GATEWAY_CONFIG: "none", PORT: "0", ...env });
    expect(await gateway.exit()).toMatchObject({ code: 1 });
    expect(gateway.stdout.text(), "nothing was begun").toBe("");
    return gateway.stderr.text().trim();
  };

  it("names the port that is taken", async () => {
    const taken = await startFixtures();
    const root = await testFolder();
    const { port } = new URL(taken.url);
    const said = await failure(["--port", port], { GATEWAY_CONFIG: await writeConfig(root, {}) });
    expect(said).toMatch(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken\\..*$`));
  });

  it.each([
    [["--prot", "1"], /^Unknown option '--prot'\. See --help\.$/],
    [["--port", "http"], /^--port: "http" is no port: a whole number from 0 to 65535$/],
    [["--port", "65536"], /^--port: "65536" is no port/],
    [["stray"], /^Unexpected argument 'stray'.*[^.]\. See --help\.$/],
    [["--config", "nowhere.json"], /nowhere\.json cannot be read: there is no such file$/],
  ])("says in one line what is wrong with %j", async (args, line) => {
    expect(await failure(args)).toMatch(line);
  });

  it("names every fault of the file by its path, and mounts nothing", async () => {
    const root = await testFolder();
    const file = await writeConfig(root, {
      good: { package: await writeServer(root, "good") },
      Docs: { pakage: "x" },
      typo: { package: "x", requierd: true, env: { A: 1 } },
    });
    const said = await failure([], { GATEWAY_CONFIG: file });
    expect(said.split("\n")[0]).toContain("has 4 faults:");
    for (const path of ["mcpServers.Docs:", "mcpServers.typo.requierd:", "mcpServers.typo.env.A:"])
      expect(said).toContain(path);
  });

  it("will not listen beyond this machine unless told so in words", async () => {
    const root = await testFolder();
    const env = { GATEWAY_CONFIG: await writeConfig(root, {}) };
    expect(await failure(["--host", "0.0.0.0"], env)).toContain("--allow-unauthenticated");
    expect(await failure([], { ...env, HOST: "::" })).toContain("GATEWAY_ALLOW_UNAUTHENTICATED");
    expect(await failure([], { ...env, K_SERVICE: "in-a-cloud" })).toContain("0.0.0.0");
    const told = await startWith(env.GATEWAY_CONFIG, {
      HOST: "0.0.0.0",
      GATEWAY_ALLOW_UNAUTHENTICATED: "true",
    });
    expect((await told.ask("/health")).status).toBe(200);
    const flagged = runWith(["--host", "0.0.0.0", "--allow-unauthenticated"], {
      ...env,
      PORT: "0",
    });
    await flagged.stderr.find(
      (line) => line.includes('"listening"'),
      "The line that says it listens",
    );
  });
});

it("--help tells its options and exits 0", async () => {
  const gateway = runWith(["--help"]);
  expect(await gateway.exit()).toMatchObject({ code: 0 });
  for (const option of ["--config", "--host", "--port", "--allow-unauthenticated"])
    expect(gateway.stdout.text()).toContain(option);
});

it("prints a configuration for clients, and a line a server", async () => {
  const gateway = await startFixtures("alpha");
  await gateway.says(/^ready +alpha +http:\/\/127\.0\.0\.1:\d+\/alpha\/mcp {2}10 tools$/);
  const [json = ""] = /^\{\n[\s\S]*?\n\}$/m.exec(gateway.stdout.text()) ?? [];
  expect(JSON.parse(json)).toEqual({
    mcpServers: { flotilla: { type: "http", url: gateway.url } },
  });
});

it("says whose names are too long for clients, and how to keep them whole", async () => {
  const root = await testFolder();
  const fixture = JSON.stringify(new URL("./fixtures/typed-package.js", import.meta.url).href);
  const code = `import { server as typed } from ${fixture};
const open = async (options) => {
  const instance = await typed.open(options);
  return { ...instance, tools: [{ ...instance.tools[0], name: "x".repeat(60) }] };
};
export const server = { ...typed, open };`;
  const long = { package: await writeServer(root, "long", code) };
  const gateway = await startWith(await writeConfig(root, { long }));
  const line = await gateway.says(/^ready +long/);
  expect(line).toMatch(/1 tool, the names of 1 cut in \/mcp to 49 characters, such as long__x+_/);
  expect(line).toMatch(/a shorter "prefix" keeps them whole$/);
});

it("keeps its own variables from the servers, and gives each its own", async () => {
  const root = await testFolder();
  const folder = await writeServer(root, "alpha");
  await writeFile(join(folder, ".env"), "VALUE=of the folder\n");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own syntax
  const other = { package: await writeServer(root, "beta"), env: { VALUE: "${env:GIVEN}" } };
  const config = await writeConfig(root, { alpha: { package: folder }, beta: other });
  const gateway = await startWith(config, { GIVEN: "given", NODE_ENV: "" });
  await gateway.ready();
  const value = async (server: string) =>
    JSON.parse(textOf(await gateway.rpc(server, "modern", "tools/call", { name: "echo" })));
  expect(await value("alpha")).toEqual({ value: "of the folder", calls: 1 });
  expect(await value("beta")).toEqual({ value: "given", calls: 1 });
});
