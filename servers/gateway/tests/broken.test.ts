import { cp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { errorOf, startWith, textOf } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const echo = { name: "echo", arguments: {} };

/** Each way to be broken, and what the line says of it. */
const BROKEN = [
  ["throws when it is loaded", 'throw new Error("boom at import");', /Error: boom at import/],
  ["cannot be parsed", "export const server = {", /SyntaxError/],
  ["needs a package that is missing", 'import "no-such-package";', /no-such-package/],
  ["exports no server", "export const other = 1;", /exports no server/],
  ["speaks another contract", "export const server = { contract: 2 };", /contract 2 .* contract 1/],
  ["cannot be opened", "export const server = { contract: 1 };", /no open\(\)/],
  [
    "opens as no instance",
    "export const server = { contract: 1, open: async () => ({ call() {} }) };",
    /its instance has no read, get/,
  ],
  [
    "rejects when it is opened",
    'export const server = { contract: 1, open: async () => { throw new Error("no database"); } };',
    /Error: no database/,
  ],
  [
    "leaves a rejection behind while it opens",
    'export const server = { contract: 1, open: () => { Promise.reject(new Error("left behind")); return new Promise(() => {}); } };',
    /Error: left behind/,
  ],
  ["throws nothing but a text", 'throw "just text";', /just text/],
] as const;

it("runs the others, whatever is wrong with each broken one", async () => {
  const root = await testFolder();
  const entries: Record<string, object> = { good: { package: await writeServer(root, "good") } };
  for (const [index, [, code]] of BROKEN.entries()) {
    const folder = await writeServer(root, `broken-${index}`, code);
    entries[`broken-${index}`] = { package: folder, startTimeoutMs: 60_000 };
  }
  const gateway = await startWith(await writeConfig(root, entries));
  await gateway.ready();
  for (const [index, [what, , line]] of BROKEN.entries()) {
    const said = await gateway.says(new RegExp(`^backoff +broken-${index} `));
    expect(said, what).toMatch(line);
    const down = await gateway.rpc(`broken-${index}`, "modern", "tools/call", echo);
    expect(errorOf(down), what).toMatchObject({ code: "UNAVAILABLE" });
  }
  expect(textOf(await gateway.rpc("good", "legacy", "tools/call", echo))).toContain('"calls":1');
  expect(
    textOf(await gateway.rpc("", "legacy", "tools/call", { ...echo, name: "good__echo" })),
  ).toContain('"calls":2');
});

it("names every fault of a server's configuration in one line", async () => {
  const root = await testFolder();
  const folder = await writeServer(root, "faulty");
  const gateway = await startWith(
    await writeConfig(root, { faulty: { package: folder, env: { FIXTURE_FAULT: "1" } } }),
  );
  expect(await gateway.says(/^backoff +faulty/)).toContain("FIRST is missing.; SECOND is wrong.");
});

it("gives up on one that hangs, in time, and answers for it", async () => {
  const root = await testFolder();
  const hang = {
    package: await writeServer(root, "hang"),
    startTimeoutMs: 300,
    env: { FIXTURE_HANG: "1" },
  };
  const gateway = await startWith(await writeConfig(root, { hang }));
  expect(await gateway.says(/^backoff +hang/)).toContain("did not open within 300 ms");
});

describe("a server whose fault is mended", () => {
  it("comes by itself once it is built", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "late");
    await rename(join(folder, "dist"), join(folder, "later"));
    const config = await writeConfig(root, { late: { package: folder, required: true } });
    const gateway = await startWith(config);
    expect(await gateway.says(/^backoff +late/)).toContain("build the server");
    expect((await gateway.ask("/ready")).status, "it is required").toBe(503);
    await rename(join(folder, "later"), join(folder, "dist"));
    await gateway.says(/^ready +late/);
    await gateway.ready();
  });

  it("comes by itself when a file that it imports is mended", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "split", 'export { server } from "./part.js";');
    const part = join(folder, "dist", "part.js");
    await writeFile(part, 'export const server = 1; throw new Error("bad part");');
    const gateway = await startWith(await writeConfig(root, { split: { package: folder } }));
    expect(await gateway.says(/^backoff +split/)).toContain("bad part");
    await cp(new URL("./fixtures/server.js", import.meta.url), part);
    await gateway.says(/^ready +split/);
    expect(textOf(await gateway.rpc("split", "modern", "tools/call", echo))).toContain("calls");
  });

  it("comes by itself when the cause was none of its files", async () => {
    const root = await testFolder();
    const data = join(root, "data.json");
    const folder = await writeServer(root, "reader", 'export { server } from "./part.js";');
    await cp(new URL("./fixtures/server.js", import.meta.url), join(folder, "dist", "real.js"));
    await writeFile(
      join(folder, "dist", "part.js"),
      `import { readFileSync } from "node:fs"; readFileSync(${JSON.stringify(data)}); export { server } from "./real.js";`,
    );
    const gateway = await startWith(await writeConfig(root, { reader: { package: folder } }));
    expect(await gateway.says(/^backoff +reader/)).toContain("ENOENT");
    await writeFile(data, "{}");
    await gateway.says(/^ready +reader/);
  });
});

describe("the tools of a server that is down", () => {
  const lock = {
    name: "locked-server",
    title: "Locked",
    version: "1.0.0",
    instructions: "Known from its lock file.",
    features: { logging: false, completions: false, subscribe: false, listChanged: [] },
    toolsets: {},
    tools: [
      {
        name: "known",
        title: "Known",
        description: "A tool",
        inputSchema: { type: "object" },
        annotations: {
          readOnlyHint: true,
          destructiveHint: false,
          idempotentHint: true,
          openWorldHint: false,
        },
        hash: "sha256:0",
      },
    ],
    prompts: [],
    variables: {},
  };

  it("stay listed from its lock file, and tell when to call again", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "locked");
    await rm(join(folder, "dist"), { recursive: true });
    await writeFile(join(folder, "tools.lock.json"), JSON.stringify(lock));
    const gateway = await startWith(await writeConfig(root, { locked: { package: folder } }));
    await gateway.ready();
    const listed = await gateway.rpc("", "modern", "tools/list");
    const { tools } = listed.result as { tools: object[] };
    const { hash: _, ...known } = lock.tools[0] ?? {};
    expect(tools).toEqual([{ ...known, name: "locked__known" }]);
    const called = await gateway.rpc("", "legacy", "tools/call", {
      name: "locked__known",
      arguments: {},
    });
    expect(called.result).toMatchObject({ isError: true });
    expect(errorOf(called)).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/^locked is not available just now\. Try again in \d+ s\.$/),
      details: { reason: "server_down", server: "locked", retryAfterSeconds: expect.any(Number) },
    });
    const unknown = await gateway.rpc("locked", "legacy", "tools/call", echo);
    expect(unknown.error).toMatchObject({ code: -32602 });
    const read = await gateway.rpc("", "modern", "resources/read", { uri: "locked+note://one" });
    expect(read.error).toMatchObject({ code: -32603, data: { code: "UNAVAILABLE" } });
  });

  it("stay listed when it crashed", async () => {
    const root = await testFolder();
    const gateway = await startWith(
      await writeConfig(root, { alpha: { package: await writeServer(root, "alpha") } }),
    );
    await gateway.ready();
    const before = await gateway.rpc("alpha", "modern", "tools/list");
    await gateway.rpc("alpha", "modern", "tools/call", { name: "crash", arguments: {} });
    await gateway.says(/^backoff +alpha/);
    expect(await gateway.rpc("alpha", "modern", "tools/list")).toEqual(before);
  });
});
