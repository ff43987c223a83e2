import { mkdtemp, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeConfig, writeServer } from "../support/folders.ts";
import { startWith, type TestGateway } from "../support/gateway.ts";
import { freePort } from "../support/nginx.ts";
import { FAULTS, type Fault, isContained, type Kind } from "./containment.ts";
import { keepRemote, type Remote } from "./remote.ts";

/** Milliseconds: short, because each fault that only a deadline ends takes that long. */
const CALL_TIMEOUT_MS = 1_500;
const START_TIMEOUT_MS = 8_000;
const MEMORY_MB = 48;

export interface Sick {
  fault: Fault;
  name: string;
  /** The cause goes. */
  mend(): Promise<void>;
}

export interface Fleet {
  gateway: TestGateway;
  sick: readonly Sick[];
  stop(): Promise<void>;
}

const CODE = `export { server } from ${JSON.stringify(new URL("../fixtures/chaos-package.js", import.meta.url).href)};`;

/** A gateway with one well server, and one of this kind for every fault that the kind contains. */
export async function startFleet(kind: Kind): Promise<Fleet> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "gateway-chaos-")));
  const remotes: Remote[] = [];
  const entries: Record<string, object> = {
    well: { package: await writeServer(root, "well"), maxConcurrency: 16 },
  };
  const sick: Sick[] = [];
  for (const fault of FAULTS.filter((one) => isContained(one, kind))) {
    const file = join(root, `${fault.name}.fault`);
    await writeFile(file, fault.name);
    const made = await entryOf(kind, fault, root, file, remotes);
    const callTimeoutMs = fault.harmless ? START_TIMEOUT_MS : CALL_TIMEOUT_MS;
    const timeouts = { callTimeoutMs, startTimeoutMs: startOf(fault) };
    entries[fault.name] = { ...made.entry, ...timeouts };
    sick.push({
      fault,
      name: fault.name,
      mend: async () => {
        await rm(file);
        await made.mend?.();
      },
    });
  }
  const gateway = await startWith(await writeConfig(root, entries));
  return {
    gateway,
    sick,
    stop: async () => {
      await gateway.stop();
      await Promise.all(remotes.map((remote) => remote.stop()));
      await rm(root, { recursive: true, force: true });
    },
  };
}

const startOf = ({ name }: Fault) => (name === "slow-list" ? CALL_TIMEOUT_MS : START_TIMEOUT_MS);

interface Made {
  entry: object;
  mend?(): Promise<void>;
}

async function entryOf(
  kind: Kind,
  fault: Fault,
  root: string,
  file: string,
  remotes: Remote[],
): Promise<Made> {
  const env = { FAULT_FILE: file };
  const isAway = fault.name === "not-found";
  if (kind === "remote") {
    const port = await freePort();
    const remote = keepRemote({ ...env, PORT: String(port), ERA: "modern" });
    remotes.push(remote);
    if (!isAway) await remote.start();
    const entry = { url: `http://127.0.0.1:${port}/mcp` };
    return { entry, ...(isAway && { mend: remote.start }) };
  }
  if (kind === "command") {
    const script = resolve("tests/fixtures/foreign-stdio.js");
    const command = join(root, "node-link");
    if (isAway) {
      const mend = () =>
        writeFile(command, `#!${process.execPath}\nimport(${JSON.stringify(script)});`, {
          mode: 0o755,
        });
      return { entry: { command, env: { ...env, ERA: "legacy" } }, mend };
    }
    const args = [`--max-old-space-size=${MEMORY_MB}`, script];
    return { entry: { command: process.execPath, args, env: { ...env, ERA: "legacy" } } };
  }
  const folder = await writeServer(root, `${fault.name}-server`, CODE);
  const entry = { package: folder, isolation: kind, env, memoryMb: MEMORY_MB };
  if (!isAway) return { entry };
  await rename(join(folder, "dist"), join(folder, "later"));
  return { entry, mend: () => rename(join(folder, "later"), join(folder, "dist")) };
}
