import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../lib/projects.ts";
import { start } from "../lib/start.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";

const config = (entry: string) => `export default {
  input: { ${entry}: "src/${entry}.ts" }, output: { dir: "dist", format: "esm", cleanDir: true } };`;

/** Stands in for the gateway: keeps what it was called with. */
const gateway = `export async function runGateway(options: object) {
  (globalThis as Record<string, unknown>).gatewayCall = options;
}`;

function repository() {
  const root = tempFolder();
  const folder = (name: string) => join(root, "servers", name);
  for (const [name, entry, text] of [
    ["gateway", "gateway", gateway],
    ["bad-server", "server", `import "./gone.ts";`],
    ["good-server", "server", "export const server = 1;"],
  ] as const) {
    writeFiles(folder(name), {
      "package.json": "{}",
      "rolldown.config.js": config(entry),
      [`src/${entry}.ts`]: text,
    });
    mkdirSync(join(folder(name), "node_modules"));
    const rolldown = join(repositoryRoot, "node_modules", "rolldown");
    symlinkSync(rolldown, join(folder(name), "node_modules", "rolldown"), "junction");
  }
  const lines: string[] = [];
  const run = () => start({ root, argv: ["--port", "0"], write: (line) => lines.push(line) });
  return { root, folder, run, lines };
}

test("builds, then runs the gateway with the options and the servers that are built", async () => {
  const { root, folder, run, lines } = repository();
  await run();
  expect(lines[0]).toBe("Building what changed in 3 servers");
  expect(lines.filter((line) => line.startsWith("FAILED"))).toEqual([
    expect.stringContaining("bad-server"),
  ]);
  const call = (globalThis as Record<string, unknown>).gatewayCall;
  expect(call).toEqual({ root, argv: ["--port", "0"], servers: [folder("good-server")] });
  lines.length = 0;
  await run();
  expect(lines.filter((line) => !line.startsWith("FAILED"))).toHaveLength(1);
});

test("says so when the gateway is not there, not built or something else", async () => {
  const { folder, run } = repository();
  writeFiles(folder("gateway"), { "src/gateway.ts": "export const other = 1;" });
  await expect(run()).rejects.toThrow("exports no runGateway");
  writeFiles(folder("gateway"), { "rolldown.config.js": config("server"), "src/server.ts": "0;" });
  await expect(run()).rejects.toThrow("gateway.js is missing: run pnpm build gateway");
  writeFiles(folder("gateway"), { "src/server.ts": `import "./gone.ts";` });
  await expect(run()).rejects.toThrow("There is no gateway to start");
  rmSync(folder("gateway"), { recursive: true });
  await expect(run()).rejects.toThrow("There is no gateway to start");
});
