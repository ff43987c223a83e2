import { existsSync } from "node:fs";
import { lchown, readFile, rename, rm, stat } from "node:fs/promises";
import { expect } from "vitest";
import {
  type AttackCall,
  type AttackCase,
  BINDING,
  type Expectation,
  type FileCheck,
  fillIn,
  type Setup,
} from "./attack-cases.ts";
import { giveTo, inventory, setUp } from "./attack-setup.ts";
import type { Answer, BuiltServer, User } from "./built-server.ts";

const CANARY = "TOPSECRET-7f3a";
const MAX_ANSWER_BYTES = 1_048_576;
/** Milliseconds that a busy machine may add to those that a case is given. */
const STOPPED_MS = 8_000;

/** Where a case happens, and the server it attacks, started when the files are there. */
export interface Place {
  folder: string;
  /** The allowed folder in it. */
  root: string;
  server(): Promise<BuiltServer>;
}

/** Makes the files of a case in the folder, makes its calls, and checks what came of them. */
export async function runCase(
  attack: AttackCase,
  { folder, root, server }: Place,
  { fixture, user }: { fixture: readonly Setup[]; user: User },
): Promise<void> {
  const { setup = [], expect: expected } = attack;
  // what swaps names starts last: until then everything can be given to its owner
  const [racers, rest] = [setup.filter(isRacer), setup.filter((step) => !isRacer(step))];
  const undo = await setUp([...fixture, ...rest]);
  if ("uid" in user) giveTo(user, root);
  const stop = await setUp(racers);
  try {
    const before = inventory(folder, root);
    await makeAllCalls(await server(), attack, { root, user });
    expect(inventory(folder, root)).toEqual(before);
    for (const check of expected.fs ?? []) await checkFile(check);
  } finally {
    await stop();
    await undo();
  }
}

const isRacer = ({ type }: Setup) => type === "racer";

async function checkFile({ path, content, bytesOneOf, mode, absent }: FileCheck): Promise<void> {
  if (absent) expect(existsSync(path), path).toBe(false);
  if (mode !== undefined) expect(((await stat(path)).mode & 0o7777).toString(8), path).toBe(mode);
  if (content !== undefined) expect(await readFile(path, "utf8"), path).toBe(content);
  if (bytesOneOf) expect(bytesOneOf).toContain(await readFile(path, "hex"));
}

async function makeAllCalls(
  server: BuiltServer,
  { calls, expect: expected, env = {}, roots }: AttackCase,
  { root, user }: { root: string; user: User },
): Promise<void> {
  for (const call of calls) {
    const all = { ...expected, ...call.expect };
    if (call.op === "setup") await changeFiles(call, user);
    else await makeCalls(server, call, all);
  }
  if (env.CLIENT_ROOTS === undefined) await checkInvariants(server, roots?.[0] ?? root, expected);
}

/** What another program does between two calls. */
async function changeFiles({ args }: AttackCall, user: User): Promise<void> {
  const {
    steps = [],
    move,
    remove,
  } = args as { steps?: Setup[]; move?: string[]; remove?: string };
  if (move) await rename(move[0] ?? "", move[1] ?? "");
  if (remove) await rm(remove, { recursive: true });
  await setUp(steps);
  for (const { path } of steps)
    if (path !== undefined && "uid" in user) await lchown(path, user.uid, user.gid);
}

async function makeCalls(
  server: BuiltServer,
  call: AttackCall,
  expected: Expectation,
): Promise<void> {
  const { op, args, repeat = 1, concurrency = 1 } = call;
  const limitMs = call.timeoutMs ?? expected.maxMs;
  const timeoutMs = limitMs === undefined ? undefined : limitMs + STOPPED_MS;
  let next = 0;
  const worker = async () => {
    while (next < repeat) {
      const i = String(next++);
      const filled = fillIn(args, { i });
      if (op === "set_roots") server.setRoots(filled.roots as string[]);
      else checkAnswer(await makeCall(server, op, filled, timeoutMs), expected);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function makeCall(
  server: BuiltServer,
  op: string,
  args: Record<string, unknown>,
  timeoutMs: number | undefined,
): Promise<Answer> {
  if (op === "resource_read") return server.read(String(args.uri), timeoutMs);
  if (op === "resource_complete") return server.complete(String(args.value), timeoutMs);
  // an operation of the collection, or a tool by its own name
  const [tool, input] = BINDING[op]?.(args) ?? [op, args];
  return server.call(tool, input, timeoutMs);
}

function checkAnswer({ line, isError }: Answer, expected: Expectation): void {
  if (expected.outcome === "deny") expect(isError, line).toBe(true);
  if (expected.reason !== undefined)
    expect(line).toMatch(new RegExp(`reason\\\\?":\\\\?"${expected.reason}\\\\?"`));
  if (expected.outcome === "allow") expect(isError, line).toBe(false);
  for (const text of expected.mustContain ?? []) expect(line).toContain(text);
  for (const text of [CANARY, ...(expected.mustNotContain ?? [])]) expect(line).not.toContain(text);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
}

async function checkInvariants(
  server: BuiltServer,
  root: string,
  { maxRssMB }: Expectation,
): Promise<void> {
  const { isError } = await server.call("list_directory", { path: root });
  expect(isError).toBe(false);
  expect(server.isAlive()).toBe(true);
  const peak = await server.peakMegabytes();
  if (maxRssMB !== undefined && peak !== undefined) expect(peak).toBeLessThan(maxRssMB);
}
