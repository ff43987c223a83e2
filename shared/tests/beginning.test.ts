import { describe, expect, it } from "vitest";
import { prepareAnswers } from "#shared/mcp/answers.ts";
import { answerBeginning, BEGINNING_BYTES, type Pipes } from "#shared/mcp/beginning.ts";
import { initializeParams, paramsFor } from "#shared/testing/messages.ts";

const answers = prepareAnswers({
  name: "a",
  title: "A",
  version: "1.0.0",
  instructions: "",
  capabilities: { tools: {} },
  listTools: () => "[]",
});

const line = (message: object) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const hello = line({ id: 1, method: "initialize", params: initializeParams });
const initialized = line({ method: "notifications/initialized" });
const list = line({ id: 2, method: "tools/list" });
const ping = line({ id: 3, method: "ping" });
const call = line({ id: 4, method: "tools/call", params: { name: "x" } });
const discover = line({ id: 5, method: "server/discover", params: paramsFor("modern") });
const modernList = line({ id: 6, method: "tools/list", params: paramsFor("modern") });

/** Pipes that hold what is given, in the pieces in which it comes, and then its end. */
function pipesOf(pieces: readonly string[], accepts = Number.POSITIVE_INFINITY) {
  const waiting = pieces.map((piece) => Buffer.from(piece));
  let room = accepts;
  let sent = "";
  const pipes: Pipes = {
    read: (buffer) => {
      const next = waiting.shift();
      if (!next) return 0;
      if (next.length > buffer.length) waiting.unshift(next.subarray(buffer.length));
      return next.copy(buffer);
    },
    write: (data) => {
      if (room === 0) throw Object.assign(new Error("full"), { code: "EAGAIN" });
      const taken = data.subarray(0, Math.min(room, 7));
      room -= taken.length;
      sent += taken.toString();
      return taken.length;
    },
  };
  return { pipes, sent: () => sent, left: () => Buffer.concat(waiting).toString() };
}

const ids = (text: string) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((one) => JSON.parse(one).id);

describe("The beginning of a connection", () => {
  it.each([
    ["one by one", [hello, initialized, ping, list]],
    ["at once", [hello + initialized + ping + list]],
    ["in pieces", [...(hello + initialized + ping + list)]],
  ])("is answered when it comes %s", (_, pieces) => {
    const { pipes, sent } = pipesOf(pieces);
    const beginning = answerBeginning(answers, pipes);
    expect(ids(sent())).toEqual([1, 3, 2]);
    expect(beginning).toMatchObject({ listed: true, rest: Buffer.alloc(0) });
    expect(beginning.opening.phase).toBe("legacy");
    expect(beginning.opening.messages).toHaveLength(2);
  });

  it("is answered in the newer era", () => {
    const { pipes, sent } = pipesOf([discover, modernList]);
    const beginning = answerBeginning(answers, pipes);
    expect(ids(sent())).toEqual([5, 6]);
    expect(beginning.opening.phase).toBe("modern");
    expect(beginning.listed).toBe(true);
  });

  it("ends with the list; what comes behind it is left", () => {
    const { pipes, left } = pipesOf([hello, list + call, ping]);
    expect(answerBeginning(answers, pipes).rest.toString()).toBe(call);
    expect(left()).toBe(ping);
  });

  it.each([
    ["a call", call],
    ["a list before the beginning", list],
    ["no JSON", "nonsense\n"],
    ["no message", "[]\n"],
    ["an empty line", "\n"],
    ["a word that is not due", initialized],
    ["another method", line({ id: 7, method: "resources/list" })],
  ])("ends before %s, which is left with all behind it", (_, odd) => {
    const { pipes, sent } = pipesOf([odd + ping]);
    const beginning = answerBeginning(answers, pipes);
    expect(beginning.rest.toString()).toBe(odd + ping);
    expect(beginning.listed).toBe(false);
    expect(sent()).toBe("");
  });

  it("ends with its client, and keeps half a line", () => {
    const { pipes, sent } = pipesOf([hello, '{"jsonrpc":']);
    expect(answerBeginning(answers, pipes).rest.toString()).toBe('{"jsonrpc":');
    expect(ids(sent())).toEqual([1]);
  });

  it("ends where reading does not wait", () => {
    const { pipes } = pipesOf([]);
    const broken: Pipes = { ...pipes, read: () => fail("EAGAIN") };
    expect(answerBeginning(answers, broken)).toMatchObject({
      rest: Buffer.alloc(0),
      listed: false,
    });
  });

  it("ends where nobody takes an answer, and keeps what is left of it", () => {
    const whole = pipesOf([hello]);
    answerBeginning(answers, whole.pipes);
    for (const room of [0, 5, 20]) {
      const { pipes, sent } = pipesOf([hello + list], room);
      const { unsent, rest, opening } = answerBeginning(answers, pipes);
      expect(sent()).toHaveLength(room);
      expect(sent() + unsent).toBe(whole.sent());
      expect(rest.toString()).toBe(list);
      expect(opening.phase).toBe("legacy");
    }
  });

  it(`takes ${BEGINNING_BYTES} bytes and no more`, () => {
    const filled = (size: number) => {
      const padding = " ".repeat(size - hello.length - list.length);
      return `${hello}${list.slice(0, -1)}${padding}\n`;
    };
    const exact = pipesOf([filled(BEGINNING_BYTES)]);
    expect(answerBeginning(answers, exact.pipes).listed).toBe(true);
    const over = pipesOf([filled(BEGINNING_BYTES + 1)]);
    const { listed, rest } = answerBeginning(answers, over.pipes);
    expect(listed).toBe(false);
    expect(rest.length).toBe(BEGINNING_BYTES - hello.length);
    expect(over.left()).toBe("\n");
  });
});

function fail(code: string): never {
  throw Object.assign(new Error(code), { code });
}
