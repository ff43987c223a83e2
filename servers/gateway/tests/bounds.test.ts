import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ForeignCalls } from "../src/foreign/calls.ts";
import { MAX_PARKED } from "../src/foreign/parked.ts";
import { Session } from "../src/foreign/session.ts";
import { eventReader } from "../src/foreign/sse.ts";
import type { Message, Wire } from "../src/foreign/wire.ts";
import { MAX_MESSAGE_BYTES, readLines } from "../src/link/lines.ts";
import { Deadline, MAX_TOTAL_FACTOR } from "../src/mounts/deadline.ts";
import { isAllowed, matches } from "../src/mounts/filter.ts";
import { Gate } from "../src/mounts/gate.ts";
import { withinSize } from "../src/mounts/size.ts";
import { charactersOf, MAX_ARGUMENTS } from "../src/policy/argument-size.ts";
import { until } from "./shared/testing/within.ts";

const signal = new AbortController().signal;

describe("the gate of a mount", () => {
  it("lets so many run, so many wait, and refuses the next", async () => {
    const gate = new Gate(1, 1);
    expect(gate.isFree).toBe(true);
    gate.take();
    const waiting = gate.enter("alpha", signal);
    await expect(gate.enter("alpha", signal)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    gate.leave();
    await waiting;
    expect(gate.isFree).toBe(false);
    gate.leave();
    expect(gate.isFree).toBe(true);
  });

  it("forgets who leaves the queue, and lets more in when it is widened", async () => {
    const gate = new Gate(1, 1);
    gate.take();
    const caller = new AbortController();
    const leaving = gate.enter("alpha", caller.signal);
    caller.abort(new Error("left"));
    await expect(leaving).rejects.toThrow("left");
    const waiting = gate.enter("alpha", signal);
    gate.resize(2, 1);
    await waiting;
  });
});

describe("the deadline of a call", () => {
  it("begins anew with each report of progress, but not for ever", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const limit = 60;
    const deadline = new Deadline({ signal, era: "modern" }, limit);
    const { context } = deadline;
    const report = setInterval(() => context.progress?.(1), 10);
    vi.advanceTimersByTime(limit * (MAX_TOTAL_FACTOR - 1));
    expect(deadline.isOver).toBe(false);
    vi.advanceTimersByTime(2 * limit);
    expect(deadline.isOver).toBe(true);
    clearInterval(report);
    deadline.clear();
    expect(context.signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("tells a caller who leaves from a server that is silent", () => {
    const caller = new AbortController();
    const deadline = new Deadline({ signal: caller.signal, era: "modern" }, 50);
    caller.abort(new Error("left"));
    expect([deadline.isOver, deadline.context.signal.aborted]).toEqual([false, true]);
    deadline.clear();
  });
});

describe("patterns of names", () => {
  it.each([
    ["list_files", "list_files", true],
    ["list_files", "list_*", true],
    ["list_files", "*_files", true],
    ["list_files", "l*t*s", true],
    ["list_files", "*", true],
    ["list_files", "list", false],
    ["aa", "a*a", true],
    ["a", "a*a", false],
    ["a.b", "a?b", false],
  ])("%s against %s", (name, pattern, expected) => {
    expect(matches(name, [pattern])).toBe(expected);
  });

  it("deny wins over allow", () => {
    expect(isAllowed("a", { allow: ["*"], deny: ["a"] })).toBe(false);
    expect(isAllowed("a", { deny: [] })).toBe(true);
    expect(isAllowed("a", { allow: [], deny: [] })).toBe(false);
  });
});

describe("lines of a server", () => {
  it("are read up to a size, and of a longer one its ends are known", async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    const long: string[][] = [];
    readLines(
      stream,
      { onLine: (line) => lines.push(line), onLong: (...ends) => long.push(ends) },
      8,
    );
    stream.write("12345678\n123");
    stream.write("456789\nnext\n\n");
    stream.end();
    await until(() => lines.length === 2, "The lines");
    expect(lines).toEqual(["12345678", "next"]);
    expect(long).toEqual([["123", "456789"]]);
  });
});

it("an event is read whole, however it is cut, and up to a size", () => {
  const heard: unknown[] = [];
  const read = eventReader(60, (message) => heard.push(message.id));
  for (const part of ["event: message\nda", 'ta: {"jsonrpc":"2.0","id":7}\r\n', "\r\n"])
    read(Buffer.from(part));
  expect(heard).toEqual([7]);
  for (const byte of Buffer.from('data: {"jsonrpc":"2.0","id":"🙂"}\n\n')) read(Buffer.of(byte));
  expect(heard).toEqual([7, "🙂"]);
  read(Buffer.from("x".repeat(60)));
  expect(() => read(Buffer.from("x"))).toThrow(RangeError);
});

it("an event costs what its bytes cost, however many pieces it comes in", () => {
  const pieces = 2_048;
  const cpuOf = (piece: Buffer) => {
    const read = eventReader(MAX_MESSAGE_BYTES, () => {});
    const before = process.cpuUsage();
    for (let count = 0; count < pieces; count++) read(piece);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const text = `data: ${"x".repeat(1_016)}`;
  const whole = Buffer.from(`${text}\n\n`);
  cpuOf(whole);
  const events = cpuOf(whole);
  expect(cpuOf(Buffer.from(text))).toBeLessThan(5 * events);
});

it("a result is passed on up to a size", () => {
  const of = (length: number) => ({
    result: { content: [{ type: "text" as const, text: "x".repeat(length) }] },
  });
  const most = of(MAX_MESSAGE_BYTES);
  expect(withinSize(most, () => new Date())).toBe(most);
  expect(JSON.stringify(withinSize(of(MAX_MESSAGE_BYTES + 1), () => new Date()))).toContain(
    "too_large",
  );
});

it("so many calls of one server may wait for their callers, and no more", async () => {
  const sent: Message[] = [];
  const wire: Wire = {
    request: (message, { onMessage }) => {
      queueMicrotask(() =>
        onMessage({ id: `ask-${message.id}`, method: "elicitation/create", params: {} }),
      );
      return new Promise(() => {});
    },
    send: async (message) => void sent.push(message),
    onMessage: () => {},
    agreed: () => {},
    close: async () => {},
  };
  const calls = new ForeignCalls(new Session(wire, { name: "test", version: "1" }));
  const client = { capabilities: { elicitation: {} } };
  const context = { signal, era: "modern" as const, canAsk: true, client };
  for (let count = 0; count < MAX_PARKED; count++) {
    const { result } = await calls.run("tools/call", { name: "ask" }, context);
    expect(result).toMatchObject({ resultType: "input_required" });
  }
  void calls.run("tools/call", { name: "ask" }, context);
  await until(() => sent.length === 1, "A refusal");
  expect(sent[0]).toMatchObject({ error: { message: "There is nobody who could be asked that" } });
  calls.close();
});

it("the size of arguments is about that of their JSON", () => {
  const values = [{ city: "Rome", days: 3, deep: [{ a: null }, true] }, "text", 5, [], {}];
  for (const value of values) {
    const { length } = JSON.stringify(value);
    expect(charactersOf(value)).toBeLessThanOrEqual(length + 4);
    expect(charactersOf(value)).toBeGreaterThanOrEqual(length / 3 - 4);
  }
  expect(charactersOf({ a: "x".repeat(MAX_ARGUMENTS - 1) })).toBe(MAX_ARGUMENTS);
  expect(charactersOf(undefined)).toBe(0);
});
