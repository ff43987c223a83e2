import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { MAX_JSON_DEPTH } from "#shared/mcp/guards.ts";
import { LONG_LINE_END_BYTES, refuseLongLine } from "#shared/mcp/long-line.ts";
import {
  createLineReader,
  createStdioTransport,
  MAX_LINE_BYTES,
  parseMessage,
} from "#shared/mcp/stdio-transport.ts";

/** The lines that come of these chunks; null stands for one that was too long. */
function read(chunks: readonly Buffer[], limit?: number): (string | null)[] {
  const lines: (string | null)[] = [];
  const reader = createLineReader(
    (line) => lines.push(line),
    () => lines.push(null),
    limit,
  );
  for (const chunk of chunks) reader.push(chunk);
  return lines;
}

describe("the line reader", () => {
  test("gives the same lines however the bytes are split, also within a character", () => {
    const line = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/\n/.test(text));
    const cuts = fc.array(fc.nat(400), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), cuts, (lines, at) => {
        const bytes = Buffer.from(`${lines.join("\n")}\n`);
        const ends = [...at.filter((cut) => cut < bytes.length), bytes.length].sort(
          (a, b) => a - b,
        );
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(read(chunks)).toEqual(lines);
      }),
    );
  });

  test("skips a line that is one byte too long, once, and reads the next", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (limit, size) => {
          const bytes = Buffer.from(`${"a".repeat(limit)}\n${"b".repeat(limit + 1)}\nc\n`);
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += size)
            chunks.push(bytes.subarray(at, at + size));
          expect(read(chunks, limit)).toEqual(["a".repeat(limit), null, "c"]);
        },
      ),
    );
  });

  test("counts bytes, not characters", () => {
    expect(read([Buffer.from("äb\näbc\n")], 3)).toEqual(["äb", null]);
  });

  test("has its edge at MAX_LINE_BYTES", () => {
    const longest = Buffer.alloc(MAX_LINE_BYTES, "x");
    const lines = read([longest, Buffer.from("\n"), longest, Buffer.from("x\nnext\n")]);
    expect(lines.map((line) => line?.length)).toEqual([MAX_LINE_BYTES, undefined, 4]);
  });

  test("keeps nothing of a line that goes on for ever", () => {
    const chunk = Buffer.alloc(1024 * 1024, "x");
    let skipped = 0;
    const reader = createLineReader(
      () => expect.unreachable(),
      () => (skipped += 1),
    );
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 200; count++) reader.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MAX_LINE_BYTES);
    reader.push(Buffer.from("\n"));
    expect(skipped).toBe(1);
  });

  test("passes over empty lines", () => {
    expect(read([Buffer.from("\n\n{}\n\n")])).toEqual(["{}"]);
  });
});

describe("a message that is too long", () => {
  const LIMIT = 100;
  const text = "x".repeat(LIMIT);
  const ends = (line: string, kept = LIMIT) => ({
    head: line.slice(0, kept),
    tail: line.slice(-kept),
  });
  const answerTo = (message: object) => {
    const answer = refuseLongLine(ends(JSON.stringify(message)), LIMIT);
    return answer === undefined ? undefined : JSON.parse(answer);
  };
  const params = { text, more: `"id":8}${text},"id":9}` };

  test.each([
    ["before its parameters", { jsonrpc: "2.0", id: 1, method: "a", params }, 1],
    ["behind them", { method: "a", params, jsonrpc: "2.0", id: "one" }, "one"],
    ["first of all", { id: 0, jsonrpc: "2.0", method: "a", params }, 0],
    ["before what is not known", { id: 3, extra: 1, params, method: "a" }, 3],
  ])("is refused to whoever sent it, whose id stands %s", (_, message, id) => {
    expect(answerTo(message)).toEqual({
      jsonrpc: "2.0",
      id,
      error: {
        code: -32_602,
        message: `The message is longer than ${LIMIT} bytes and was not read. Send less at once.`,
        data: { limit: LIMIT },
      },
    });
  });

  test.each([
    ["in the middle", { method: "a", params, id: 4, extra: text }],
    ["nowhere", { params }],
    ["and is no id", { id: 1.5, method: "a", params }],
    ["only in the parameters", { method: "a", params: { text, id: 5 } }],
  ])("is refused without an id that stands %s", (_, message) => {
    expect(answerTo(message)).toMatchObject({ id: null, error: { code: -32_600 } });
  });

  test.each([
    ["a notification", { jsonrpc: "2.0", method: "notifications/progress", params }],
    ["a result", { jsonrpc: "2.0", id: 6, result: params }],
    ["a result whose id comes last", { result: params, jsonrpc: "2.0", id: 6 }],
    ["an error", { error: params, jsonrpc: "2.0", id: 6 }],
    ["a list", [params]],
  ])("gets no answer as %s", (_, message) => expect(answerTo(message)).toBeUndefined());

  test("is read no further than its ends, split or not", () => {
    const more = Array.from({ length: 1_000 }, (_, index) => index);
    const message = JSON.stringify({ method: "a", params: more, jsonrpc: "2.0", id: 7 });
    const bytes = Buffer.from(`${message}\n`);
    for (const size of [1, 7, bytes.length]) {
      const lines: unknown[] = [];
      const reader = createLineReader(
        () => expect.unreachable(),
        (line) => lines.push(line),
        message.length - 1,
      );
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      expect(lines).toEqual([ends(message, LONG_LINE_END_BYTES)]);
    }
  });
});

/** A transport over streams of ours, and what it told. */
function open(output: Writable) {
  const input = new PassThrough();
  const messages: JsonObject[] = [];
  const ends: string[] = [];
  const transport = createStdioTransport({
    input,
    output,
    onMessage: (message) => messages.push(message),
    onNoise: () => {},
    onEnd: (reason) => ends.push(reason),
  });
  transport.start();
  return { input, transport, messages, ends };
}

describe("a message that nests too deep", () => {
  /** The line of a call whose arguments nest so that the whole has `depth` levels. */
  const nested = (depth: number, id = "7") => {
    const levels = depth - 2;
    return `{"jsonrpc":"2.0","id":${id},"method":"a","params":{"x":${"[".repeat(levels)}${"]".repeat(levels)}}}\n`;
  };

  test("is refused to whoever sent it, and the next one is read", async () => {
    const { output, taken, flow } = stalled();
    flow();
    const { input, messages } = open(output);
    for (const depth of [MAX_JSON_DEPTH + 1, MAX_JSON_DEPTH, 1_000_000]) input.write(nested(depth));
    input.write('{"jsonrpc":"2.0","method":"end"}\n');
    await expect.poll(() => messages.at(-1)?.method).toBe("end");
    expect(messages).toEqual([
      JSON.parse(nested(MAX_JSON_DEPTH)),
      { jsonrpc: "2.0", method: "end" },
    ]);
    const answers = taken.map((text) => JSON.parse(text));
    expect(answers).toEqual(Array(2).fill(expect.objectContaining({ id: 7 })));
    expect(answers[0].error).toEqual({
      code: -32_602,
      message: `The message nests deeper than ${MAX_JSON_DEPTH} levels and was not read.`,
      data: { limit: MAX_JSON_DEPTH },
    });
  });

  test("is left to the connection where the first messages are answered", () => {
    expect(parseMessage(nested(MAX_JSON_DEPTH))).toBeDefined();
    expect(parseMessage(nested(MAX_JSON_DEPTH + 1))).toBeUndefined();
  });
});

/** Takes what it is given only when told to. */
function stalled() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  let flowing = false;
  const output = new Writable({
    write(chunk, _, done) {
      taken.push(String(chunk));
      if (flowing) done();
      else waiting.push(done);
    },
  });
  const flow = () => {
    flowing = true;
    for (const done of waiting.splice(0)) done();
  };
  return { output, taken, flow };
}

describe("a client that does not read", () => {
  test("is not read from either, until it reads again", async () => {
    const { output, flow } = stalled();
    const { input, transport, messages } = open(output);
    const writes = [transport.write("x".repeat(100_000)), transport.write("y")];
    input.write('{"jsonrpc":"2.0","method":"a"}\n');
    await new Promise(setImmediate);
    expect(messages).toEqual([]);
    flow();
    await Promise.all(writes);
    await expect.poll(() => messages).toHaveLength(1);
  });

  test("makes no listener for each waiting message", async () => {
    const { output, flow } = stalled();
    const { transport } = open(output);
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const writes = Array.from({ length: 100 }, () => transport.write("x".repeat(20_000)));
    await new Promise(setImmediate);
    flow();
    await Promise.all(writes);
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    expect(output.listenerCount("drain") + output.listenerCount("close")).toBeLessThan(4);
  });

  test("does not keep a transport that reads no more from staying so", async () => {
    const { output, flow } = stalled();
    const { input, transport, messages } = open(output);
    const write = transport.write("x".repeat(100_000));
    transport.stopReading();
    flow();
    await write;
    input.write("{}\n");
    await new Promise(setImmediate);
    expect(messages).toEqual([]);
  });
});

describe("flush", () => {
  test("waits for what little is written, too", async () => {
    const { output, taken, flow } = stalled();
    const { transport } = open(output);
    await transport.write("small");
    let flushed = false;
    const flush = transport.flush().then(() => (flushed = true));
    await new Promise(setImmediate);
    expect(flushed).toBe(false);
    flow();
    await flush;
    expect(taken.join("")).toBe("small\n");
  });

  test("does not wait for a reader that is gone", async () => {
    const { output } = stalled();
    const { transport, ends } = open(output);
    await transport.write("small");
    const flush = transport.flush();
    output.destroy(new Error("EPIPE"));
    await flush;
    await transport.flush();
    await transport.write("nobody takes this");
    expect(ends).toEqual(["stdout is closed"]);
  });
});

test("the end of stdin is told, and the last line needs no newline to be ignored", async () => {
  const { input, messages, ends } = open(new PassThrough());
  input.end('{"jsonrpc":"2.0","method":"cut');
  await once(input, "close");
  expect(messages).toEqual([]);
  expect(ends[0]).toBe("stdin ended");
});
