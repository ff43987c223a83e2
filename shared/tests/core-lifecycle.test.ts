import { describe, expect, test } from "vitest";
import { startProcess } from "#shared/testing/process.ts";

const posix = process.platform !== "win32";

/** A process that stops by `onShutdown`; `close` and `start` are code. */
function running(close: string, start = "") {
  const code = `
    import { onShutdown, failStart, StartError } from "#shared/core/lifecycle.ts";
    import { createLog } from "#shared/core/log.ts";
    const log = createLog({ level: "debug" });
    const shutdown = onShutdown(async () => { ${close} }, log, 300);
    process.stdout.write("ready\\n");
    setInterval(() => {}, 1000);
    ${start}`;
  return startProcess({
    entry: code,
    nodeArgs: ["--import", "tsx", "--input-type=module", "--eval"],
  });
}

async function ready(child: ReturnType<typeof running>) {
  await child.stdout.find((line) => line === "ready", "The start");
  return child;
}

describe.runIf(posix)("a signal", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s closes once and exits 0, with the last log line",
    async (name) => {
      const child = await ready(running(`process.stdout.write("closed\\n"); log.info("bye");`));
      child.signal(name);
      expect(await child.exit()).toEqual({ code: 0, signal: null });
      expect(child.stdout.all.filter((line) => line === "closed")).toHaveLength(1);
      expect(child.stderr.text()).toContain('"msg":"bye"');
    },
  );

  test("twice ends the process at once", async () => {
    const child = await ready(
      running(`process.stdout.write("closing\\n"); await new Promise(() => {});`),
    );
    child.signal("SIGTERM");
    await child.stdout.find((line) => line === "closing", "The first signal");
    child.signal("SIGINT");
    expect(await child.exit()).toEqual({ code: 130, signal: null });
  });

  test("does not wait for ever for what hangs", async () => {
    const child = await ready(running("await new Promise(() => {});"));
    child.signal("SIGTERM");
    expect(await child.exit()).toEqual({ code: 1, signal: null });
  });

  test("exits 1 when closing fails, and says so in the log", async () => {
    const child = await ready(running(`throw new Error("stuck pool");`));
    child.signal("SIGTERM");
    expect(await child.exit()).toEqual({ code: 1, signal: null });
    expect(child.stderr.text()).toContain("stuck pool");
  });
});

test("stop counts once, with the exit code of its first call", async () => {
  const stops = `void shutdown.stop("a", 3); void shutdown.stop("b", 4);`;
  const child = running(
    `process.stdout.write("closed " + shutdown.signal.aborted + "\\n");`,
    stops,
  );
  expect(await child.exit()).toEqual({ code: 3, signal: null });
  expect(child.stdout.all).toEqual(["ready", "closed true"]);
});

test.each([
  ["a StartError is its message", `new StartError("Port 1 is taken.")`, /^Port 1 is taken\.\n*$/],
  [
    "any other error is its stack",
    `new TypeError("our mistake")`,
    /TypeError: our mistake\n\s+at /,
  ],
  ["what is no error is its text", `"text"`, /^text\n*$/],
])("a start that fails: %s, exit code 1", async (_, error, said) => {
  const child = running("", `failStart(${error});`);
  expect(await child.exit()).toEqual({ code: 1, signal: null });
  expect(child.stderr.text()).toMatch(said);
});
