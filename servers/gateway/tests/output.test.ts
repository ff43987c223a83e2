import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { tellLines } from "../src/link/output.ts";

const explained = async (text: string) => {
  const stream = Readable.from([Buffer.from(text)]);
  const { explain } = tellLines(silentLog, "one", [stream]);
  await finished(stream);
  return explain("it ended with SIGABRT");
};

it("the reason of an end is what was said last, not a stack", async () => {
  expect(await explained("starting\nError: no such file\n    at main (a.js:1:1)\n")).toBe(
    "it ended with SIGABRT: Error: no such file",
  );
});

it("the reason of an end for want of memory is that, not the native stack after it", async () => {
  const text =
    "<--- Last few GCs --->\nFATAL ERROR: Reached heap limit - JavaScript heap out of memory\n 1: 0xb6 node::Abort() [node]\n";
  expect(await explained(text)).toBe(
    "it ended with SIGABRT: FATAL ERROR: Reached heap limit - JavaScript heap out of memory",
  );
});
