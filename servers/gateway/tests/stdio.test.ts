import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { stdioChannel } from "./shared/testing/channels.ts";
import { CLIENTS, connect } from "./shared/testing/clients.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";

beforeAll(() => ensureBuilt(), 60_000);

describe.each(CLIENTS)("over stdio $name", (kind) => {
  it("finds all servers as one", async () => {
    const root = await testFolder();
    const broken = { package: await writeServer(root, "broken", 'throw new Error("boom");') };
    const alpha = { package: await writeServer(root, "alpha") };
    const env = { GATEWAY_CONFIG: await writeConfig(root, { alpha, broken }) };
    const client = await connect(kind, stdioChannel({ entry: resolve("dist/stdio.js"), env }));
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("alpha__echo");
    expect(JSON.stringify(await client.callTool("alpha__echo", { a: 1 }))).toContain("calls");
    await client.callTool("alpha__crash", {});
    expect(await client.read("health://status")).toContain('"broken"');
    await client.close();
  });
});
