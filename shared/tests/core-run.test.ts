import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import type { CallContext } from "#shared/core/contract.ts";
import { copyContext, Leaving } from "#shared/core/leaving.ts";
import { runUntil } from "#shared/core/run.ts";

const never = new AbortController().signal;
const run = <T>(work: () => T | Promise<T>, { host = never, deadlineMs = 0 } = {}) => {
  const lazy = new Leaving({ signal: host });
  return { lazy, outcome: runUntil({ signal: host }, lazy, deadlineMs, work) };
};
const reasonOf = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.name);

test("a value or an error that is there at once is passed on", async () => {
  expect(await run(() => 1).outcome).toBe(1);
  expect(
    await reasonOf(
      run(() => {
        throw new TypeError("x");
      }).outcome,
    ),
  ).toBe("TypeError");
  expect(await reasonOf(run(() => Promise.reject(new RangeError("x"))).outcome)).toBe("RangeError");
});

test("what is merely like a promise has a deadline too", async () => {
  // biome-ignore lint/suspicious/noThenProperty: query builders have one
  const thenable = { then: () => {} } as unknown as Promise<never>;
  expect(await reasonOf(run(() => thenable, { deadlineMs: 5 }).outcome)).toBe("TimeoutError");
});

test("a deadline of 0 is none", async () => {
  const slow = () => new Promise((resolve) => setTimeout(() => resolve("done"), 20));
  expect(await run(slow).outcome).toBe("done");
});

test("the signal is made on first look, and tells of what was before", async () => {
  const leaving = new AbortController();
  const { lazy, outcome } = run(() => new Promise<never>(() => {}), { host: leaving.signal });
  leaving.abort(new Error("gone"));
  expect(await reasonOf(outcome)).toBe("Error");
  expect(lazy.signal.aborted).toBe(true);
  expect(lazy.signal.reason).toEqual(new Error("gone"));
  expect(lazy.signal).toBe(lazy.signal);
  expect(new Leaving({ signal: AbortSignal.abort("early") }).signal.reason).toBe("early");
});

test("a call that nobody waits for any longer is not begun", async () => {
  let begun = 0;
  const { outcome } = run(() => ++begun, { host: AbortSignal.abort(new RangeError("gone")) });
  expect(await reasonOf(outcome)).toBe("RangeError");
  expect(begun).toBe(0);
});

test("a copy of a context has all of it but the principal, and makes no signal before one looks", () => {
  const given: Required<CallContext> = {
    ...{ signal: never, isAborted: false, era: "modern", canAsk: true, requestId: 7 },
    ...{ client: { capabilities: {} }, credentials: { token: "x" }, inputResponses: { a: 1 } },
    ...{ requestState: "sealed", traceparent: "00-1", progress: () => {}, notify: () => {} },
    principal: { id: "caller", scopes: [] },
  };
  let made = 0;
  const controller = new AbortController();
  const waited = {
    isAborted: false,
    get signal() {
      made++;
      return controller.signal;
    },
  };
  const copy = copyContext(given, waited, undefined);
  const { signal: _, isAborted, principal, ...rest } = given;
  expect({ ...copy }).toEqual(rest);
  expect([copy.principal, copy.isAborted, made]).toEqual([undefined, false, 0]);
  expect([copy.signal, made]).toEqual([controller.signal, 1]);
  expect(copyContext(given, waited, principal).principal).toBe(principal);
});

test("listeners on the host's signal are taken off again", async () => {
  const host = new AbortController().signal;
  for (let count = 0; count < 20; count++) await run(async () => count, { host }).outcome;
  await reasonOf(run(() => new Promise<never>(() => {}), { host, deadlineMs: 1 }).outcome);
  expect(getEventListeners(host, "abort").length).toBeLessThanOrEqual(1);
});
