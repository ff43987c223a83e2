import { expect, test } from "vitest";
import type { LogOptions } from "#shared/core/lazy-log.ts";
import { createLog } from "#shared/core/log.ts";

/** A log and the lines it wrote, parsed. */
function logging(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: "debug", write: (line) => lines.push(line), ...options });
  const entries = async () => {
    await log.flush();
    return lines.map((line) => JSON.parse(line));
  };
  return { log, lines, entries };
}

test("lines said while the logger loads come out in order, each with its own time", async () => {
  const { log, lines, entries } = logging({ fields: { server: "s" } });
  log.info("one", { a: 1 });
  const later = Date.now() + 5;
  while (Date.now() < later); // nothing else may run meanwhile
  log.warn("two");
  expect(lines).toEqual([]);
  const [one, two] = await entries();
  log.error("three");
  expect((await entries()).map(({ msg, level }) => [level, msg])).toEqual([
    ["info", "one"],
    ["warn", "two"],
    ["error", "three"],
  ]);
  expect(one).toMatchObject({ server: "s", a: 1 });
  expect(new Date(two.time).getTime()).toBeGreaterThan(new Date(one.time).getTime());
});

test.each([
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
  ["silent", []],
] as const)(
  "from level %s on: %j, before and after the logger is there",
  async (level, expected) => {
    const { log, entries } = logging({ level });
    const sayAll = () => {
      for (const name of ["debug", "info", "warn", "error"] as const) log[name](name);
    };
    sayAll();
    await log.flush();
    sayAll();
    expect((await entries()).map(({ msg }) => msg)).toEqual([...expected, ...expected]);
  },
);

test("flush of a log that said nothing loads nothing", async () => {
  const { log, lines } = logging();
  await log.flush();
  expect(lines).toEqual([]);
});

test("a secret stands in no line, in whatever field and however JSON writes it", async () => {
  const secret = 'tok"en\\with\nall';
  const { log, lines, entries } = logging({ secrets: [secret], fields: { base: secret } });
  const error = new Error(`failed with ${secret}`, { cause: new Error(secret) });
  log.error(`message ${secret}`, { field: secret, deep: [{ [secret]: secret }], error });
  const [entry] = await entries();
  expect(entry).toMatchObject({ msg: "message [secret]", field: "[secret]", base: "[secret]" });
  expect(entry.error.message).toContain("failed with [secret]");
  expect(lines.join("")).not.toContain("with\\nall");
});

test("an error is logged with its stack and its cause, a cycle does not break a line", async () => {
  const { log, entries } = logging();
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  log.error("bad", { error: new Error("top", { cause: new Error("root") }), cycle, big: 1n });
  const [entry] = await entries();
  expect(entry.error.stack).toContain("top");
  expect(JSON.stringify(entry.error)).toContain("root");
  expect(entry.msg).toBe("bad");
});
