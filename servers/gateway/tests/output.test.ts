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

it("the reason that npx found no package is that, not the advice of npm after it", async () => {
  const text = [
    "npm error code E404",
    "npm error 404 Not Found - GET https://registry.npmjs.org/no-such-server",
    "npm error 404",
    "npm error 404 Note that you can also install from a",
    "npm error A complete log of this run can be found in: /home/a/.npm/_logs/1-debug-0.log",
  ];
  expect(await explained(`${text.join("\n")}\n`)).toBe(
    "it ended with SIGABRT: npm error 404 Not Found - GET https://registry.npmjs.org/no-such-server",
  );
});
