import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineConfig } from "#shared/core/config.ts";
import { expectToolError } from "#shared/testing/call.ts";
import { CANARY, canariesFor, refusedCanaries } from "#shared/testing/canaries.ts";
import { collectLines } from "#shared/testing/lines.ts";
import { eventMessages, headersFor, paramsFor } from "#shared/testing/messages.ts";
import { resolveOptions } from "#shared/testing/options.ts";
import { startProcess } from "#shared/testing/process.ts";
import { withTempDir } from "#shared/testing/temp-dir.ts";
import { until, within } from "#shared/testing/within.ts";
import { server } from "./testing-server/server.ts";

describe("lines of a stream", () => {
  it("are found when they are there and when they come, whole", async () => {
    const stream = new PassThrough();
    const lines = collectLines(stream);
    stream.write("one\ntw");
    expect(await lines.find((line) => line === "one", "One")).toBe("one");
    const second = lines.find((line) => line.startsWith("tw"), "Two");
    stream.write("o\nthr");
    expect(await second).toBe("two");
    expect(lines.text()).toBe("one\ntwo\nthr");
  });

  it("that do not come are an error which says what did", async () => {
    const stream = new PassThrough();
    const lines = collectLines(stream, () => ". More here");
    stream.write("one\n");
    const missing = lines.find((line) => line === "two", "Two");
    stream.destroy();
    await expect(missing).rejects.toThrow("Two: the stream ended. Lines so far: one. More here");
    await expect(lines.find(() => false, "Three")).rejects.toThrow("the stream has ended");
  });
});

describe("a process", () => {
  const run = (code: string, env = {}) =>
    withTempDir(async (folder) => {
      const entry = join(folder, "entry.mjs");
      await writeFile(entry, code);
      const child = startProcess({ entry, env });
      return { child, exit: await child.exit() };
    });

  it("gets PATH and what it is given, and nothing else of ours", async () => {
    process.env.OF_THE_TEST = "here";
    const { child } = await run("console.log(Object.keys(process.env).sort().join())", { A: "1" });
    delete process.env.OF_THE_TEST;
    const names = child.stdout.text().trim().split(",");
    expect(names).toContain("A");
    expect(names).toContain("PATH");
    expect(names).not.toContain("OF_THE_TEST");
  });

  it("tells how it ended, and its output is whole by then", async () => {
    const { child, exit } = await run("process.stderr.write('no newline'); process.exitCode = 3");
    expect(exit).toEqual({ code: 3, signal: null });
    expect(child.stderr.all).toEqual(["no newline"]);
  });

  it("is stopped whatever it does", async () => {
    await withTempDir(async (folder) => {
      const entry = join(folder, "entry.mjs");
      await writeFile(
        entry,
        "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e6)",
      );
      const child = startProcess({ entry });
      await child.stdout.find((line) => line === "up", "Its start");
      child.signal("SIGTERM");
      await child.stop();
      expect((await child.exit()).signal).toBe("SIGKILL");
    });
  });
});

describe("waiting", () => {
  it("ends with the reason when it takes too long", async () => {
    await expect(within(new Promise(() => {}), () => "The moon", 5)).rejects.toThrow("The moon");
    await expect(until(() => false, "The sun", 5)).rejects.toThrow("The sun did not happen");
  });
});

describe("a temporary folder", () => {
  it("is gone afterwards, also when the work failed", async () => {
    let seen = "";
    const work = withTempDir((folder) => {
      seen = folder;
      expect(existsSync(folder)).toBe(true);
      throw new Error("failed");
    });
    await expect(work).rejects.toThrow("failed");
    expect(existsSync(seen)).toBe(false);
  });
});

describe("messages", () => {
  it("carry in each request who asks, from 2026-07-28 on, and keep other _meta", () => {
    expect(paramsFor("legacy", { a: 1 })).toEqual({ a: 1 });
    expect(paramsFor("modern", { a: 1, _meta: { progressToken: 7 } })).toMatchObject({
      a: 1,
      _meta: { progressToken: 7, "io.modelcontextprotocol/protocolVersion": "2026-07-28" },
    });
  });

  it("name version, method and subject in the headers of the newer era", () => {
    expect(headersFor("legacy", "initialize")).not.toHaveProperty("mcp-protocol-version");
    expect(headersFor("modern", "tools/call", { name: "get_word" })).toMatchObject({
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "get_word",
    });
  });

  it("are read from an event stream, comments and other fields aside", () => {
    const stream = ': hello\n\nevent: message\r\ndata: {"jsonrpc":"2.0",\r\ndata: "id":1}\r\n\r\n';
    expect(eventMessages(stream)).toEqual([{ jsonrpc: "2.0", id: 1 }]);
  });
});

describe("an error of a tool", () => {
  const failed = (error: object, extra = {}) => ({
    isError: true,
    content: [{ type: "text", text: JSON.stringify({ success: false, error }) }],
    ...extra,
  });
  const error = {
    code: "NOT_FOUND",
    message: "No such word.",
    details: {},
    timestamp: "2026-01-01T00:00:00.000Z",
  };

  it("is returned once its shape is right", () => {
    expect(expectToolError(failed(error), "NOT_FOUND")).toEqual(error);
  });

  it.each([
    ["another code", failed(error), "CONFLICT"],
    ["structured content", failed(error, { structuredContent: {} }), "NOT_FOUND"],
    ["no isError", { ...failed(error), isError: false }, "NOT_FOUND"],
    ["a code of no list", failed({ ...error, code: "ODD" }), undefined],
    ["no message", failed({ ...error, message: "" }), "NOT_FOUND"],
    ["more fields", failed({ ...error, stack: "at" }), "NOT_FOUND"],
    [
      "two blocks",
      { ...failed(error), content: [...failed(error).content, { type: "text", text: "" }] },
      "NOT_FOUND",
    ],
  ] as const)("is refused with %s", (_, result, code) => {
    expect(() => expectToolError(result, code)).toThrow();
  });
});

describe("canaries", () => {
  const config = defineConfig({
    PLAIN: { schema: z.string().optional(), describe: "Any text", secret: true },
    LINK: { schema: z.url().optional(), describe: "A URL", secret: true },
    OPEN: { schema: z.string().optional(), describe: "No secret" },
  });

  it("are valid values of every secret and hold the word", () => {
    const canaries = canariesFor(config, {});
    const names = canaries.map(({ name }) => name);
    expect(names.sort()).toEqual(["LINK", "PLAIN", "REQUEST_STATE_KEY"]);
    for (const { value } of canaries) expect(value).toContain(CANARY);
  });

  it("ask for a value when a secret has a form of its own", () => {
    const odd = defineConfig({
      ODD: { schema: z.string().regex(/^odd-/).optional(), describe: "Odd", secret: true },
    });
    expect(() => canariesFor(odd, {})).toThrow("secretValues.ODD");
    const given = canariesFor(odd, { ODD: `odd-${CANARY}` });
    expect(given).toContainEqual({ name: "ODD", value: `odd-${CANARY}` });
  });

  it("that are refused show whether a bad secret is shown", () => {
    const names = refusedCanaries(config).map(({ name }) => name);
    expect(names.sort()).toEqual(["LINK", "REQUEST_STATE_KEY"]);
  });
});

describe("the options of the suite", () => {
  it("are inferred from the schemas where those say enough", () => {
    const { example, badInput } = resolveOptions(server, {});
    expect(example).toEqual({ tool: "repeat_word", input: { word: "ha" } });
    expect(badInput).toEqual({ word: { wrong: true } });
  });

  it("are asked for where they cannot be inferred", () => {
    const mute = { ...server, tools: server.tools.slice(2) };
    expect(() => resolveOptions(mute, {})).toThrow("describeContract needs `example`");
    const example = { tool: "wait_long", input: {} };
    expect(() => resolveOptions(server, { example })).toThrow("describeContract needs `badInput`");
  });
});
