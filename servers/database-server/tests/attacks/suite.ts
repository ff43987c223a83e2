import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureBuilt } from "../shared/testing/build.ts";
import { type RawStdio, startStdio } from "../shared/testing/stdio.ts";
import { within } from "../shared/testing/within.ts";
import {
  allowedOn,
  type Call,
  type Case,
  casesFor,
  type EngineName,
  type Expectation,
  refusedOn,
} from "./cases.ts";

export interface Target {
  engine: EngineName;
  role: string;
  /** The URL the server is given. */
  url(): string;
  /** All that must be the same before and after, as text; read on a connection of its own. */
  state(): Promise<string>;
  /** Cases that an engine cannot hold, with the reason; a case that holds after all fails. */
  exceptions?: Readonly<Record<string, string>>;
}

interface Answer {
  failed: boolean;
  text: string;
  bytes: number;
  ms: number;
}

/** Shorter than the tests have patience for one answer. */
const TIMEOUT_MS = 3_000;
/** What a busy machine may add to the times that the cases are given. */
const STOPPED_MS = 8_000;
/** What the next answer may take after an attack; on a busy machine, as long as this many starts made then. */
const ALIVE_MS = 5_000;
const ALIVE_STARTS = 3;
const CASE_MS = 60_000;
const MAX_BYTES = 1_048_576;

/** Every case of the file against the built server over stdio, one process for all of them. */
export function describeAttacks(target: Target): void {
  describe(`attacks on ${target.engine} as ${target.role}`, () => {
    let server: RawStdio;
    /** As it was found last: reading it takes longer than most cases. */
    let known: string;
    const expectUnchanged = async () => {
      const before = known;
      known = await target.state();
      expect(known, "state of the database").toBe(before);
      expect(filesWritten()).toEqual([]);
    };
    beforeAll(async () => {
      await ensureBuilt();
      server = await startAnswering(target);
      known = await target.state();
    }, CASE_MS);
    afterAll(() => server?.stop());

    it.each(casesFor(target.engine, target.role))(
      "$id $title",
      async (attack) => {
        await run(server, attack);
        await expectUnchanged();
        const alive = await askAgain(server, { op: "query", args: { sql: "SELECT 1" } });
        expect(alive.failed, alive.text).toBe(false);
        if (alive.ms >= ALIVE_MS + STOPPED_MS)
          expect(alive.ms).toBeLessThan(ALIVE_STARTS * (await startMsOf(target)));
      },
      CASE_MS,
    );

    it(
      "refuses whatever else does more than read",
      async () => {
        const passed: string[] = [];
        for (const sql of refusedOn(target.engine)) {
          const answer = await ask(server, { op: "query", args: { sql } });
          if (!answer.failed) passed.push(sql);
          judge(answer, { outcome: "any" });
        }
        expect(passed).toEqual([]);
        await expectUnchanged();
      },
      CASE_MS,
    );

    it(
      "answers what people ask",
      async () => {
        const failed: string[] = [];
        for (const sql of allowedOn(target.engine)) {
          const answer = await askAgain(server, { op: "query", args: { sql } });
          if (answer.failed) failed.push(`${sql}: ${answer.text.slice(0, 300)}`);
        }
        expect(failed).toEqual([]);
      },
      CASE_MS,
    );
  });
}

/** A server whose engine has answered: one that starts for the first time may take longer than an answer. */
async function startAnswering(target: Target): Promise<RawStdio> {
  const server = await startStdio({
    env: {
      DATABASE_URL: target.url(),
      LOG_LEVEL: "silent",
      QUERY_TIMEOUT_MS: String(TIMEOUT_MS),
    },
  });
  await vi.waitUntil(() => isAlive(server), { timeout: CASE_MS });
  return server;
}

async function startMsOf(target: Target): Promise<number> {
  const started = performance.now();
  const server = await startAnswering(target);
  const ms = performance.now() - started;
  await server.stop();
  return ms;
}

const isAlive = (server: RawStdio) =>
  ask(server, { op: "query", args: { sql: "SELECT 1" } }).then(
    ({ failed }) => !failed,
    () => false,
  );

const filesWritten = () => readdirSync("/tmp").filter((name) => name.startsWith("pwn"));

async function run(server: RawStdio, attack: Case): Promise<void> {
  const unawaited: Promise<Answer>[] = [];
  for (const call of attack.calls) {
    if (call.cancelAfterMs !== undefined) {
      await cancelled(server, call);
      continue;
    }
    const { outcome } = { ...attack.expect, ...call.expect };
    const put = outcome === "allow" ? askAgain : ask;
    const answers = Array.from({ length: call.repeat ?? 1 }, () => put(server, call));
    if (call.wait === false) unawaited.push(...answers);
    else
      for (const answer of await Promise.all(answers))
        judge(answer, { ...attack.expect, ...call.expect });
  }
  for (const answer of await Promise.all(unawaited)) judge(answer, { outcome: "any" });
}

async function ask(server: RawStdio, { op, args }: Pick<Call, "op" | "args">): Promise<Answer> {
  const started = performance.now();
  const id = server.begin("tools/call", { name: op, arguments: args });
  const answer = await within(server.answer(id), () => `No answer to ${JSON.stringify(args)}`);
  const text = JSON.stringify(answer);
  const result = answer.result as { isError?: boolean } | undefined;
  const ms = performance.now() - started;
  return {
    failed: result === undefined || result.isError === true,
    text,
    bytes: Buffer.byteLength(text),
    ms,
  };
}

/** What may succeed is asked once more when its time was over: the machine may have stopped it. */
async function askAgain(server: RawStdio, call: Pick<Call, "op" | "args">): Promise<Answer> {
  const answer = await ask(server, call);
  return answer.failed && answer.text.includes("TIMEOUT") ? ask(server, call) : answer;
}

/** A cancelled call has no answer in this era; that it ended shows in what the engine does next. */
async function cancelled(server: RawStdio, { op, args, cancelAfterMs = 0 }: Call): Promise<void> {
  const requestId = server.begin("tools/call", { name: op, arguments: args });
  await sleep(cancelAfterMs);
  server.notify("notifications/cancelled", { requestId });
}

function judge(answer: Answer, wanted: Expectation): void {
  const { outcome, maxMs, maxBytes = MAX_BYTES, mustNotMatch } = wanted;
  if (outcome === "deny") expect(answer.failed, answer.text.slice(0, 500)).toBe(true);
  if (outcome === "allow") expect(answer.failed, answer.text.slice(0, 500)).toBe(false);
  if (maxMs !== undefined) expect(answer.ms).toBeLessThan(maxMs + STOPPED_MS);
  expect(answer.bytes).toBeLessThanOrEqual(maxBytes);
  expect(answer.text).not.toContain("root:x:0:0");
  if (mustNotMatch !== undefined) expect(answer.text).not.toMatch(new RegExp(mustNotMatch));
}
