import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { errorOf, startFixtures, startWith, textOf } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const call = (name: string, input: object = {}) => ({ name, arguments: input });

describe("an exception that a server leaves uncaught", () => {
  it("ends its calls at once and restarts it alone", async () => {
    const gateway = await startFixtures("alpha", "beta");
    const inFlight = gateway.rpc("alpha", "modern", "tools/call", call("slow"));
    const elsewhere = gateway.rpc("beta", "modern", "tools/call", call("slow", { ms: 1_500 }));
    await gateway.rpc("alpha", "modern", "tools/call", call("crash"));
    expect(errorOf(await inFlight)).toMatchObject({ code: "UNAVAILABLE" });
    expect(await gateway.says(/^backoff +alpha/)).toContain("thrown in a timer");
    await until(
      () => gateway.stdout.all.filter((line) => /^ready +alpha/.test(line)).length === 2,
      "A restart",
    );
    const fresh = await gateway.rpc("alpha", "modern", "tools/call", call("echo"));
    expect(JSON.parse(textOf(fresh)), "a new instance").toMatchObject({ calls: 1 });
    expect(textOf(await elsewhere), "the other never noticed").toBe("slept");
    expect(gateway.stdout.all.filter((line) => line.includes(" beta "))).toHaveLength(1);
  });

  it("is logged with the name of the server", async () => {
    const gateway = await startFixtures("alpha");
    await gateway.rpc("", "legacy", "tools/call", call("alpha__crash"));
    const line = await gateway.stderr.find(
      (text) => text.includes("thrown in a timer"),
      "A log line",
    );
    expect(JSON.parse(line)).toMatchObject({ level: "error", mount: "alpha" });
  });

  it("ends the gateway, after the calls in flight, when no server can be named", async () => {
    const root = await testFolder();
    const preload = join(root, "preload.mjs");
    await writeFile(preload, 'process.on("SIGUSR2", () => { throw new Error("nobody\'s"); });');
    const alpha = { package: await writeServer(root, "alpha") };
    const file = await writeConfig(root, { alpha });
    const gateway = await startWith(file, {}, ["--import", pathToFileURL(preload).href]);
    await gateway.ready();
    const inFlight = gateway.rpc("alpha", "modern", "tools/call", call("slow", { ms: 500 }));
    await gateway.rpc("alpha", "modern", "tools/call", call("echo"));
    gateway.signal("SIGUSR2");
    expect(textOf(await inFlight)).toBe("slept");
    expect(await gateway.exit()).toEqual({ code: 1, signal: null });
    expect(gateway.stderr.text()).toContain("nobody's");
  });
});

describe.each(ERAS)("a call that breaks the contract (%s)", (era) => {
  it.each(["throw", "reject"])("by a %s is a failed call, and no more", async (tool) => {
    const gateway = await startFixtures("alpha");
    const failed = await gateway.rpc("", era, "tools/call", call(`alpha__${tool}`));
    expect(failed.result).toMatchObject({ isError: true });
    expect(errorOf(failed)).toMatchObject({ code: "UNKNOWN" });
    expect(JSON.stringify(failed), "its reason is for the log").not.toContain("contract");
    expect(
      await gateway.stderr.find((line) => line.includes("broke its contract"), "A log line"),
    ).toContain("against the contract");
    const next = await gateway.rpc("alpha", era, "tools/call", call("echo"));
    expect(JSON.parse(textOf(next)), "the same instance").toMatchObject({ calls: 1 });
  });
});
