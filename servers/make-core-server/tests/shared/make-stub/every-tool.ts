// Copied from shared/make-stub/every-tool.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { ensureBuilt } from "../testing/build.ts";
import { startHttp } from "../testing/http.ts";
import { isObject, resultOf } from "../testing/messages.ts";
import { startStdio } from "../testing/stdio.ts";
import {
  CLOCK_ARGS,
  ELSEWHERE,
  type ExampleSetting,
  inputOf,
  roomyStub,
  wholeEnv,
} from "./examples.ts";
import { type MakeStub, STUB_NOW, startMakeStub } from "./stub.ts";

type Call = (tool: string, input: object) => Promise<unknown>;
/** Opens one way to a server, with this environment; the test ends what it opened. */
type Way = (setting: ExampleSetting, env: Record<string, string>) => Promise<Call>;

const SLOW_MS = 120_000;

const inMemory: Way = async ({ server }, env) => {
  const instance = await server.open({ env, log: silentLog, now: () => STUB_NOW });
  onTestFinished(() => instance.close());
  const context = { era: "modern" as const, signal: new AbortController().signal };
  return async (tool, input) => (await instance.call(tool, input, context)).result;
};

const overStdio: Way = async (_, env) => {
  const { request } = await startStdio({ env, nodeArgs: CLOCK_ARGS });
  return async (name, input) =>
    resultOf(await request("tools/call", { name, arguments: { ...input } }));
};

const overHttp: Way = async (_, env) => {
  const { request } = await startHttp({ env, nodeArgs: CLOCK_ARGS });
  return async (name, input) =>
    resultOf(await request("modern", "tools/call", { name, arguments: { ...input } }));
};

/**
 * The examples name every tool, and each gets the same structured result over stdio and over HTTP, of
 * the files that users install, as in memory.
 */
export function describeEveryTool(setting: ExampleSetting): void {
  const { server, examples } = setting;

  describe("the examples", () => {
    test("call every tool, of every category", () => {
      const called = new Set(examples.map(({ tool }) => tool));
      const tools = server.tools.map(({ listing }) => listing.name);
      expect([...called].sort()).toEqual(tools.sort());
    });

    test("ask Make nothing that the tool does not name", { timeout: SLOW_MS }, async () => {
      const calls = new Map(setting.tools.map(({ name, make }) => [name, make.calls]));
      const asked = await callAll(setting, inMemory);
      for (const { tool, requests } of asked) {
        const named = [...ACCOUNT, ...(calls.get(tool) ?? [])].map(patternOf);
        const others = requests.filter((each) => !named.some((pattern) => pattern.test(each)));
        expect(others, tool).toEqual([]);
      }
    });

    test("get over stdio and HTTP what they get in memory", { timeout: SLOW_MS }, async () => {
      await ensureBuilt();
      const answers = async (way: Way) =>
        (await callAll(setting, way)).map(({ tool, answer }) => ({ tool, answer }));
      const expected = await answers(inMemory);
      expect(await answers(overStdio)).toEqual(expected);
      expect(await answers(overHttp)).toEqual(expected);
    });
  });
}

/** Asked once by a server, for the rate limit. */
const ACCOUNT = ["GET /organizations/{organizationId}"];

/** "GET /scenarios/{scenarioId}" as it is asked: "GET /scenarios/4001?x=1". */
const patternOf = (key: string): RegExp =>
  new RegExp(`^${key.replaceAll(/\{\w+\}/g, "[^/?]+")}(\\?|$)`);

interface Called {
  tool: string;
  answer: unknown;
  /** What it asked of Make, but for what goes elsewhere. */
  requests: string[];
}

/** What every example answers, in its order, each way with a stub and a state of its own. */
async function callAll(setting: ExampleSetting, way: Way): Promise<Called[]> {
  const folder = await mkdtemp(join(tmpdir(), "make-every-"));
  const stub = await startMakeStub(roomyStub(setting.intercept));
  onTestFinished(async () => {
    await stub.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const call = await way(setting, wholeEnv(setting, stub, folder));
  const before: Record<string, Record<string, unknown>> = {};
  const called: Called[] = [];
  for (const example of setting.examples) {
    const { tool } = example;
    const earlier = stub.requests.length;
    const answer = structuredOf(tool, await call(tool, inputOf(example, before)));
    if (isObject(answer.data)) before[tool] = answer.data;
    const requests = stub.requests.slice(earlier).filter((each) => each !== `POST ${ELSEWHERE}`);
    called.push({ tool, answer: placeless(answer, stub, folder), requests });
  }
  return called;
}

function structuredOf(tool: string, result: unknown): Record<string, unknown> {
  const structured = isObject(result) ? result.structuredContent : undefined;
  if (isObject(structured)) return structured;
  throw new Error(`${tool}: ${JSON.stringify(result)}`);
}

/** The same wherever the stub listens and the state is kept. */
const placeless = (answer: object, stub: MakeStub, folder: string): unknown =>
  JSON.parse(
    JSON.stringify(answer).replaceAll(folder, "/folder").replaceAll(stub.url, "http://stub"),
  );
