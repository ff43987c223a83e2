import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { withTempDir } from "./shared/testing/temp-dir.ts";
import {
  type AttackCall,
  type AttackCase,
  BINDING,
  baseFixture,
  casesHere,
  type Expectation,
  type FileCheck,
  fillIn,
  type Setup,
  skippedCases,
} from "./support/attack-cases.ts";
import { giveTo, inventory, setUp } from "./support/attack-setup.ts";
import {
  type Answer,
  type BuiltServer,
  installForAll,
  startBuilt,
  type User,
} from "./support/built-server.ts";

const CANARY = "TOPSECRET-7f3a";
const MAX_ANSWER_BYTES = 1_048_576;
const NOBODY = { uid: 65_534, gid: 65_534 };
const CASE_TIMEOUT_MS = 60_000;

/** Root can do what a user cannot, and a user is refused what root is not: both must hold. */
const users: [string, User][] = [["whoever runs the tests", {}]];
if (process.getuid?.() === 0) users.push(["an ordinary user", NOBODY]);

let installed: Awaited<ReturnType<typeof installForAll>>;

beforeAll(async () => {
  await ensureBuilt();
  installed = await installForAll();
}, CASE_TIMEOUT_MS * 2);

afterAll(() => installed.remove());

describe.each(users)("attacks on the built server, run by %s", (_, user) => {
  test.each(casesHere.map((one) => [one.id, one.title, one] as const))(
    "%s %s",
    (_id, _title, attack) => withTempDir((folder) => runCase(attack, folder, user)),
    CASE_TIMEOUT_MS,
  );
  test.skip.each(skippedCases.map(({ id, title }) => [id, title]))(
    "%s %s: needs what is not here",
    () => {},
  );
});

async function runCase(attack: AttackCase, folder: string, user: User): Promise<void> {
  const root = join(folder, "root");
  const names = {
    T: folder,
    ROOT: root,
    OUT: join(folder, "outside"),
    ROOT_CASE: join(folder, "ROOT"),
  };
  const { setup = [], calls, expect: expected } = fillIn(attack, names);
  await chmod(folder, 0o755);
  // what swaps names starts last: until then everything can be given to its owner
  const [racers, rest] = [setup.filter(isRacer), setup.filter((step) => !isRacer(step))];
  const undo = await setUp([...fillIn(baseFixture, names), ...rest]);
  const stop = await prepared(user, root, racers);
  try {
    const before = await inventory(folder, root);
    await attackServer(root, user, calls, expected);
    expect(await inventory(folder, root)).toEqual(before);
    for (const check of expected.fs ?? []) await checkFile(check);
  } finally {
    await stop();
    await undo();
  }
}

const isRacer = ({ type }: Setup) => type === "racer";

async function prepared(user: User, root: string, racers: readonly Setup[]) {
  if ("uid" in user) await giveTo(user, root);
  return setUp(racers);
}

async function checkFile({ path, content, bytesOneOf }: FileCheck): Promise<void> {
  if (content !== undefined) expect(await readFile(path, "utf8"), path).toBe(content);
  if (bytesOneOf) expect(bytesOneOf).toContain(await readFile(path, "hex"));
}

async function attackServer(
  root: string,
  user: User,
  calls: readonly AttackCall[],
  expected: Expectation,
): Promise<void> {
  const server = await startBuilt(root, {
    user,
    folder: installed.folder,
    env: { ALLOW_WRITE: "true" },
  });
  try {
    for (const call of calls) await makeCalls(server, call, { ...expected, ...call.expect });
    await checkInvariants(server, root, expected);
  } finally {
    await server.stop();
  }
}

async function makeCalls(
  server: BuiltServer,
  call: AttackCall,
  expected: Expectation,
): Promise<void> {
  const { op, args, repeat = 1, concurrency = 1, timeoutMs = expected.maxMs } = call;
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
  const bind = BINDING[op];
  if (!bind) throw new Error(`${op} is not bound`);
  const [tool, input] = bind(args);
  return server.call(tool, input, timeoutMs);
}

function checkAnswer({ line, isError }: Answer, expected: Expectation): void {
  if (expected.outcome === "deny") expect(isError, line).toBe(true);
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
  const { isError } = await server.call("list_directory", { path: root }, 5_000);
  expect(isError).toBe(false);
  expect(server.isAlive()).toBe(true);
  const peak = await server.peakMegabytes();
  if (maxRssMB !== undefined && peak !== undefined) expect(peak).toBeLessThan(maxRssMB);
}
