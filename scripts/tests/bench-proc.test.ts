import { expect, test } from "vitest";
import { cpuMicros, familyCpuMicros, familyOf, memoryOf } from "../bench/lib/proc.ts";
import { parseSchedstat, parseStat, parseStatus } from "../bench/lib/proc-parse.ts";
import { parseAnswer } from "../bench/lib/wire-parse.ts";

test("reads the times of a process whose name holds spaces and parentheses", () => {
  const text = "4242 (a) b (c) S 17 4242 1 0 -1 4194560 900 5 0 0 250 30 7 3 20 0 11 0 812 1 2";
  expect(parseStat(text)).toEqual({ parent: 17, ticks: 280, reapedTicks: 10 });
  expect(parseStat("")).toBeUndefined();
  expect(parseStat("1 (x) S nothing")).toBeUndefined();
});

test("reads nanoseconds of a thread, and memory of a process", () => {
  expect(parseSchedstat("142464171 107194288 363\n")).toBe(142_464_171);
  expect(parseSchedstat("")).toBeUndefined();
  const status = "Name:\tnode\nVmPeak:\t  999 kB\nVmHWM:\t   46644 kB\nVmRSS:\t   41000 kB\n";
  expect(parseStatus(status)).toEqual({ rssKb: 41_000, peakKb: 46_644 });
  expect(parseStatus("Name:\tkthreadd\n")).toBeUndefined();
});

test.runIf(process.platform === "linux")("finds out about this process", () => {
  expect(cpuMicros(process.pid)).toBeGreaterThan(0);
  expect(memoryOf(process.pid)?.rssKb).toBeGreaterThan(10_000);
  expect(familyOf(process.pid)[0]).toBe(process.pid);
  expect(familyCpuMicros(process.pid)).toBeGreaterThan(0);
});

test("says nothing of a process that there is not", () => {
  expect(cpuMicros(2 ** 30)).toBeUndefined();
  expect(familyCpuMicros(2 ** 30)).toBeUndefined();
  expect(memoryOf(2 ** 30)).toBeUndefined();
});

const sized = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-One: a: b\r\n\r\n{\u00e4\u00e4}";
const chunked =
  "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n5\r\ndata:\r\n3;x=y\r\n {}\r\n0\r\n\r\n";

test("waits for an HTTP answer until it is whole", () => {
  for (const text of [sized, chunked]) {
    const whole = Buffer.from(text);
    for (let length = 0; length < whole.length; length += 1)
      expect(parseAnswer(whole.subarray(0, length))).toBeUndefined();
    expect(parseAnswer(whole)?.length).toBe(whole.length);
  }
});

test("reads an HTTP answer of a length, or in chunks, and leaves what follows", () => {
  const first = parseAnswer(Buffer.from(`${sized}HTTP/1.1 500`));
  expect(first?.answer).toMatchObject({ status: 200, body: "{\u00e4\u00e4}" });
  expect(first?.answer.headers.get("x-one")).toBe("a: b");
  expect(first?.length).toBe(Buffer.byteLength(sized));
  expect(parseAnswer(Buffer.from(chunked))?.answer).toMatchObject({
    status: 202,
    body: "data: {}",
  });
});
