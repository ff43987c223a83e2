import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { KeyRing } from "../src/access/keys/key-ring.ts";
import { parseKey } from "../src/access/keys/secret.ts";
import { LOOK_MS } from "../src/state/json-file.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { addKey, keys, rpc, startGuarded } from "./support/access.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { runWith } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const FILE = "gateway-keys.json";
const DAY_MS = 86_400_000;

describe("gateway keys", () => {
  it("keeps no secret, and nobody else may read the file", async () => {
    const root = await testFolder();
    const key = addKey(root, "ci", "--scope", "alpha:*", "--expires", "90d");
    const { secret = "", id = "" } = parseKey(key) ?? {};
    expect(secret).toHaveLength(43);
    const file = join(root, FILE);
    const text = await readFile(file, "utf8");
    expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({ version: 1, keys: [{ id, name: "ci" }] });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [line] = keys(root, ["list"]);
    expect(line).toMatch(new RegExp(`^${id} {2}ci {2}alpha:\\* {2}ends `));
    expect(line).not.toContain(secret);
  });

  it("rotates: the old secret is good for a while, and no third one is kept", async () => {
    const root = await testFolder();
    const first = addKey(root, "ci", "--scope", "*");
    const { id = "" } = parseKey(first) ?? {};
    const second = keys(root, ["rotate", id, "--grace", "1h"]).at(-1) ?? "";
    const now = Date.now();
    const ring = () => new KeyRing(join(root, FILE), undefined);
    expect(ring().verify(first, now)?.key.name).toBe("ci");
    expect(ring().verify(second, now)?.key.name).toBe("ci");
    expect(ring().verify(first, now + 2 * 3_600_000)).toBeUndefined();
    const third = keys(root, ["rotate", id]).at(-1) ?? "";
    expect(ring().verify(first, now)).toBeUndefined();
    expect([second, third].map((key) => ring().verify(key, now)?.key.id)).toEqual([id, id]);
  });

  it("ends keys by their time", async () => {
    const root = await testFolder();
    const key = addKey(root, "ci", "--scope", "*", "--expires", "1d");
    const ring = new KeyRing(join(root, FILE), undefined);
    const now = Date.now();
    expect(ring.verify(key, now)?.until).toBeCloseTo(now + DAY_MS, -4);
    expect(ring.verify(key, now + DAY_MS + 1)).toBeUndefined();
  });

  it("hashes with the pepper, without which the file is worth nothing", async () => {
    const root = await testFolder();
    const pepper = "p".repeat(32);
    const env = { GATEWAY_KEY_PEPPER: pepper };
    const key = keys(root, ["add", "ci", "--scope", "*"], { env }).at(-1) ?? "";
    const file = join(root, FILE);
    expect(new KeyRing(file, pepper).verify(key, Date.now())?.key.name).toBe("ci");
    expect(new KeyRing(file, "q".repeat(32)).verify(key, Date.now())).toBeUndefined();
    expect(() => new KeyRing(file, undefined)).toThrow("GATEWAY_KEY_PEPPER, which is not set");
  });

  it.each([
    [["add", "x"], "What is the key for"],
    [["add", "x", "--scope", "no scope"], '"no scope" is no scope'],
    [["add", "--scope", "*"], "Which name"],
    [["add", "x", "--scope", "*", "--expires", "soon"], '"soon" is no time'],
    [["rotate", "0123"], 'There is no key "0123"'],
    [["rotate", "0123", "--file", "other.json"], /The keys in .*other\.json are: none\.$/],
    [["revoke"], "Which key? Name it by its id. The keys in "],
    [["remove"], 'There is no "remove"'],
    [["list", "more"], 'What is "more"'],
    [["list", "--nothing"], "Unknown option '--nothing'"],
  ])("%j is refused in words", async (argv, message) => {
    expect(() => keys("/tmp", ["--file", "/tmp/flotilla-no-such-file.json", ...argv])).toThrow(
      message,
    );
  });

  it("runs from the gateway's own command line", async () => {
    const root = await testFolder();
    const file = join(root, FILE);
    const added = runWith(["keys", "add", "ci", "--scope", "*", "--file", file]);
    expect(await added.exit()).toEqual({ code: 0, signal: null });
    expect(added.stdout.text()).toMatch(/\ngw_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$/);
    const wrong = runWith(["keys", "add"]);
    expect(await wrong.exit()).toMatchObject({ code: 1 });
    expect(wrong.stderr.text()).toContain("Usage: gateway keys");
  });
});

describe("a gateway with keys", () => {
  it("refuses a key within seconds after it was revoked, on every replica, and takes a new one", async () => {
    let key = "";
    const { root, gateway, start } = await startGuarded({
      prepare: (folder) => {
        key = addKey(folder, "ci", "--scope", "*");
      },
    });
    const replica = await start();
    const status = async (one: typeof gateway, credential: string) =>
      (await rpc(one, "/alpha/mcp", credential, "tools/list")).status;
    for (const one of [gateway, replica]) expect(await status(one, key)).toBe(200);
    keys(root, ["revoke", parseKey(key)?.id ?? ""]);
    const other = addKey(root, "new", "--scope", "*");
    for (const one of [gateway, replica]) {
      await until(async () => (await status(one, key)) === 401, "The refusal");
      await until(async () => (await status(one, other)) === 200, "The new key");
    }
    expect(LOOK_MS, "between two looks at the file").toBeLessThanOrEqual(1_000);
    expect(JSON.parse(await readFile(join(root, FILE), "utf8")).keys).toHaveLength(1);
  });

  it.each([
    ["{", "is not JSON"],
    ['{"version":2,"keys":[]}', "is malformed"],
    [undefined, "make a key with gateway keys add"],
  ])("does not start with a file that is %j", async (text, message) => {
    const root = await testFolder();
    if (text !== undefined) await writeFile(join(root, FILE), text);
    const config = await writeConfig(root, {}, { access: { keys: FILE } });
    const gateway = runWith(["--config", config, "--port", "0"]);
    expect(await gateway.exit()).toMatchObject({ code: 1 });
    expect(gateway.stderr.text()).toContain(message);
  });

  it("tells of keys of clients that it does not know, which let through nothing", async () => {
    const { root, gateway } = await startGuarded({
      prepare: (folder) => void addKey(folder, "early", "--client", "acme"),
    });
    const told = (name: string) =>
      gateway.stderr.find((line) => line.includes(`(${name}) lets through nothing`), name);
    expect(await told("early")).toContain("gateway.access.deployment is not set");
    addKey(root, "late", "--client", "acme");
    await told("late");
    const lines = gateway.stderr.text().split("\n");
    expect(lines.filter((line) => line.includes("(early)"))).toHaveLength(1);
  });

  it("keeps the keys it has when the file is spoiled", async () => {
    let key = "";
    const { root, gateway } = await startGuarded({
      prepare: (folder) => {
        key = addKey(folder, "ci", "--scope", "*");
      },
    });
    await writeFile(join(root, FILE), "{");
    await gateway.stderr.find((line) => line.includes("was not read again"), "The error");
    expect((await rpc(gateway, "/alpha/mcp", key, "tools/list")).status).toBe(200);
  });
});

describe("off loopback", () => {
  it("refuses to start without access control, and starts with it", async () => {
    const root = await testFolder();
    const open = runWith([
      "--config",
      await writeConfig(root, {}),
      "--host",
      "0.0.0.0",
      "--port",
      "0",
    ]);
    expect(await open.exit()).toMatchObject({ code: 1 });
    expect(open.stderr.text()).toContain("there is no access control");
    addKey(root, "ci", "--scope", "*");
    const config = await writeConfig(root, {}, { access: { keys: FILE } });
    const closed = runWith(["--config", config, "--host", "0.0.0.0", "--port", "0"]);
    await closed.stderr.find((line) => line.includes('"listening"'), "The start");
    expect(closed.stdout.text(), "what a client is given has a place for the key").toContain(
      '"Authorization": "Bearer <key>"',
    );
    const named = runWith(
      ["--config", await writeConfig(root, {}), "--host", "0.0.0.0", "--port", "0"],
      {
        GATEWAY_KEYS: join(root, FILE),
      },
    );
    await named.stderr.find((line) => line.includes('"listening"'), "The start");
  });

  it("stays closed when the file loses its access control", async () => {
    const root = await testFolder();
    const key = addKey(root, "ci", "--scope", "*");
    const config = await writeConfig(root, {}, { access: { keys: FILE } });
    const gateway = runWith(["--config", config, "--host", "0.0.0.0", "--port", "0"]);
    const line = await gateway.stderr.find((text) => text.includes('"listening"'), "The start");
    const url: string = JSON.parse(line).url;
    const status = async (credential?: string) =>
      (await rpc({ url }, "/mcp", credential, "tools/list")).status;
    expect([await status(), await status(key)]).toEqual([401, 200]);
    await writeConfig(root, {});
    await gateway.stdout.find((text) => text.includes("there is no access control"), "The refusal");
    expect([await status(), await status(key)]).toEqual([401, 200]);
  });
});
