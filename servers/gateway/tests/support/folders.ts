import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const FIXTURE = new URL("../fixtures/server.js", import.meta.url);

/** A folder of its own for a test, removed when the test ends. */
export async function testFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "gateway-test-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A server's folder: the fixture, or one with other code. Returns its path. */
export async function writeServer(root: string, name: string, code?: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(join(folder, "dist"), { recursive: true });
  const manifest = { name, version: "1.2.3", type: "module", flotilla: { title: name, port: 1 } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const file = join(folder, "dist", "server.js");
  if (code === undefined) await cp(FIXTURE, file);
  else await writeFile(file, code);
  return folder;
}

/** Writes a gateway.json of package mounts and returns its path. */
export async function writeConfig(
  root: string,
  mcpServers: object,
  gateway: object = {},
): Promise<string> {
  const file = join(root, "gateway.json");
  await writeFile(file, JSON.stringify({ mcpServers, gateway }));
  return file;
}
