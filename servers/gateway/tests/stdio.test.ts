import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { stdioChannel } from "./shared/testing/channels.ts";
import { CLIENTS, connect } from "./shared/testing/clients.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";

beforeAll(() => ensureBuilt(), 60_000);

describe.each(CLIENTS)("over stdio $name", (kind) => {
  it("finds all servers as one", async () => {
    const root = await testFolder();
    const broken = { package: await writeServer(root, "broken", 'throw new Error("boom");') };
    const alpha = { package: await writeServer(root, "alpha") };
    const env = { GATEWAY_CONFIG: await writeConfig(root, { alpha, broken }) };
    const client = await connect(kind, stdioChannel({ entry: resolve("dist/stdio.cjs"), env }));
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("alpha__echo");
    expect(JSON.stringify(await client.callTool("alpha__echo", { a: 1 }))).toContain("calls");
    await client.callTool("alpha__crash", {});
    expect(await client.read("health://status")).toContain('"broken"');
    await client.close();
  });
});

const FIXTURE = JSON.stringify(new URL("./fixtures/server.js", import.meta.url).href);
/** Leaves a file beside its folder when it is loaded. */
const CODE = `import { writeFileSync } from "node:fs";
writeFileSync(new URL("../started", import.meta.url), "");
export { server } from ${FIXTURE};`;

/** A server whose lists are known from its lock file. */
async function writeLocked(root: string, name: string): Promise<string> {
  const folder = await writeServer(root, name, CODE);
  const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
  const tool = {
    name: "echo",
    title: "echo",
    description: "as locked",
    inputSchema: { type: "object" },
    annotations: { ...hints, openWorldHint: false },
    hash: "",
  };
  const features = { logging: false, completions: false, subscribe: false, listChanged: [] };
  const about = { name, title: name, version: "1.0.0", description: "", instructions: "", port: 1 };
  const lists = { features, variables: {}, toolsets: {}, tools: [tool], prompts: [] };
  await writeFile(join(folder, "tools.lock.json"), JSON.stringify({ ...about, ...lists }));
  return folder;
}

describe("over stdio servers with a lock file", () => {
  async function open() {
    const root = await testFolder();
    const folders = [await writeLocked(root, "alpha"), await writeLocked(root, "beta")];
    const [alpha = "", beta = ""] = folders;
    const mounts = { alpha: { package: alpha }, beta: { package: beta } };
    const env = { GATEWAY_CONFIG: await writeConfig(root, mounts) };
    const [kind] = CLIENTS;
    const client = await connect(kind, stdioChannel({ entry: resolve("dist/stdio.cjs"), env }));
    const started = () => folders.map((folder) => existsSync(join(folder, "started")));
    return { client, started };
  }

  it("are listed without being started, and start when they are called", async () => {
    const { client, started } = await open();
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toEqual(["alpha__echo", "beta__echo"]);
    expect(started()).toEqual([false, false]);
    expect(JSON.stringify(await client.callTool("beta__echo", { a: 1 }))).toContain("calls");
    expect(started()[1]).toBe(true);
    await client.close();
  });

  it("start by themselves a while later", async () => {
    const { client, started } = await open();
    await until(() => started().every(Boolean), "The start of both");
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("alpha__report");
    await client.close();
  });
});
