import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../src/pins/digest.ts";
import { MAX_MEMORIES } from "../src/remembered/remember.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { writeConfig, writeServer } from "./support/folders.ts";
import {
  askFirst,
  begin,
  type Configured,
  type Env,
  isMarked,
  leave,
  listing,
  mark,
  memoriesOf,
  memoryOf,
  namesIn,
  type Site,
  settle,
  visit,
  WRITTEN_AT,
  writeConfigured,
  writeLocked,
  writeOwnSite,
} from "./support/remembering.ts";

const ALL = ["alpha__read", "alpha__write"];
const LONG_MS = 60_000;

let base: string;
/** What is not used up yet: all were written a while before they are started. */
let plain: Configured[];
let pinned: Configured[];
let own: Awaited<ReturnType<typeof writeOwnSite>>[];
let hidden: Configured;
let unlocked: Configured;
let held: Configured;

beforeAll(async () => {
  await ensureBuilt();
  base = await realpath(await mkdtemp(join(tmpdir(), "gateway-remembered-")));
  const several = <T>(count: number, make: () => Promise<T>) =>
    Promise.all(Array.from({ length: count }, make));
  plain = await several(48, () => writeConfigured(base));
  own = await several(OWN_CHANGES.length, () => writeOwnSite(base));
  const pins = { pins: { file: "pins.json", added: "hold" } };
  pinned = await several(2, () => writeConfigured(base, pins));
  held = await writeConfigured(base, pins);
  await redescribe(held);
  hidden = await writeConfigured(base, {}, { onDown: "hide" });
  unlocked = await writeConfigured(base);
  await rm(join(unlocked.alpha, "tools.lock.json"));
  // what these list is what opens
  for (const { root } of [hidden, unlocked]) await writeServer(root, "alpha");
  await settle();
}, LONG_MS);
afterAll(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));

function take<T>(from: T[]): T {
  const one = from.pop();
  if (!one) throw new Error("All sites are used up: write more of them");
  return one;
}

const again = async (file: string) => writeFile(file, await readFile(file));

/** Makes a tool another one than the hash of its lock file says. */
async function redescribe({ alpha }: Configured): Promise<void> {
  const lock = join(alpha, "tools.lock.json");
  const text = await readFile(lock, "utf8");
  await writeFile(lock, text.replace("write as locked", "another one"));
}

interface Change {
  what: string;
  /** What the next start gets beside the environment of the first. */
  env?: Env;
  change?(site: Configured): Promise<unknown>;
  /** What it lists then. */
  names?: string[];
}

/** Unlike the other tests, for which no `.env` is read. */
const READS_FILES = { NODE_ENV: "" };

const CHANGES: Change[] = [
  {
    what: "a lock file that was written again",
    change: ({ alpha }) => again(join(alpha, "tools.lock.json")),
  },
  {
    what: "a lock file with another text of the same size and time",
    change: async ({ alpha }) => {
      const file = join(alpha, "tools.lock.json");
      await writeFile(
        file,
        (await readFile(file, "utf8")).replace('"name":"read"', '"name":"reed"'),
      );
      await utimes(file, WRITTEN_AT, WRITTEN_AT);
    },
    names: ["alpha__reed", "alpha__write"],
  },
  {
    what: "a lock file with another tool",
    change: ({ root }) => writeLocked(root, "alpha", [listing("read"), listing("added")]),
    names: ["alpha__added", "alpha__read"],
  },
  {
    what: "a gateway.json that hides a tool",
    change: ({ root, mounts }) => writeConfig(root, mounts({ tools: { deny: ["write"] } })),
    names: ["alpha__read"],
  },
  {
    what: "a variable that hides tools",
    env: { READ_ONLY: "true" },
    names: ["alpha__read"],
  },
  {
    what: "a .env of a server",
    env: READS_FILES,
    change: ({ alpha }) => writeFile(join(alpha, ".env"), "READ_ONLY=true"),
    names: ["alpha__read"],
  },
  { what: "a variable that gateway.json names", env: { REFERRED: "second" } },
  { what: "a file that gateway.json names", change: ({ secret }) => writeFile(secret, "second") },
  { what: "a secret that is not plainly right", env: { TOKEN: "other" } },
  { what: "another variable of a family", env: { ACCOUNT_SALES: "1" } },
  { what: "another platform", env: { K_SERVICE: "x" } },
  { what: "a variable of the gateway itself", env: { LOG_LEVEL: "error" } },
  { what: "the switch", env: { GATEWAY_REMEMBER: "false" } },
];

const OWN_CHANGES: {
  change(site: Site & { servers: string }): Promise<unknown>;
  names: string[];
}[] = [
  {
    change: ({ servers }) => writeLocked(servers, "beta", [listing("read")]),
    names: [...ALL, "beta__read"],
  },
  { change: ({ servers }) => rm(join(servers, "alpha"), { recursive: true }), names: [] },
  { change: ({ servers }) => writeFile(join(servers, "alpha", "package.json"), "{}"), names: [] },
  { change: ({ entry }) => again(entry), names: ALL },
  { change: ({ entry }) => again(join(entry, "..", "server.js")), names: ALL },
  { change: ({ servers }) => writeConfig(join(servers, "gateway"), {}), names: [] },
];

const SAME: Change[] = [
  { what: "nothing else" },
  {
    what: "a .env in the working folder",
    env: READS_FILES,
    change: ({ cwd }) => writeFile(join(cwd, ".env"), "READ_ONLY=true"),
  },
  { what: "a variable that nobody asked for", env: { TERM_SESSION_ID: "1" } },
  { what: "another secret of the ordinary form", env: { TOKEN: "t-2" } },
  {
    what: "a server that was built again",
    change: ({ alpha }) => again(join(alpha, "dist", "server.js")),
  },
];

/** Remembers a site of each, changes it, and starts it again: whether that used the memory, and what it lists. */
async function startAfter(changes: readonly Change[]) {
  const found: [what: string, isMarked: boolean, names: string[]][] = [];
  for (const { what, env, change } of changes) {
    const site = take(plain);
    await visit(site, site.env);
    await mark(site);
    await change?.(site);
    const answers = await visit(site, { ...site.env, ...env });
    found.push([what, isMarked(answers), namesIn(answers)]);
  }
  return found;
}

const expected = (changes: readonly Change[], isUsed: boolean) =>
  changes.map(({ what, names = ALL }) => [what, isUsed, names]);

describe("What a start over stdio listed", () => {
  it.each(ERAS)("is answered by the next one, to the letter (%s)", async (era) => {
    const site = take(plain);
    const opened = await visit(site, { ...site.env, GATEWAY_REMEMBER: "false" }, era);
    expect(await memoriesOf(site)).toEqual([]);
    expect(await visit(site, site.env, era)).toEqual(opened);
    const { text } = await memoryOf(site);
    expect(await visit(site, site.env, era)).toEqual(opened);
    expect((await memoryOf(site)).text).toBe(text);
    await mark(site);
    expect(isMarked(await visit(site, site.env))).toBe(true);
  });

  it(
    "is read anew after any change of what it was made from",
    async () => expect(await startAfter(CHANGES)).toEqual(expected(CHANGES, false)),
    LONG_MS,
  );

  it(
    "stays after a change that it does not depend on",
    async () => expect(await startAfter(SAME)).toEqual(expected(SAME, true)),
    LONG_MS,
  );

  it(
    "follows the server folders beside the gateway, and its own files",
    async () => {
      const found: [isMarked: boolean, names: string[]][] = [];
      for (const { change } of OWN_CHANGES) {
        const site = take(own);
        await visit(site);
        await mark(site);
        expect(isMarked(await visit(site))).toBe(true);
        await change(site);
        const answers = await visit(site);
        found.push([isMarked(answers), namesIn(answers)]);
      }
      expect(found).toEqual(OWN_CHANGES.map(({ names }) => [false, names]));
    },
    LONG_MS,
  );

  it("belongs to the working folder", async () => {
    const site = take(plain);
    await visit(site, site.env);
    await mark(site);
    expect(isMarked(await visit({ ...site, cwd: site.root }, site.env))).toBe(false);
    expect(await memoriesOf(site)).toHaveLength(2);
  });

  it("notes every file that was looked at", async () => {
    const site = take(pinned);
    const looks = join(site.root, "looks.txt");
    const spy = join(site.root, "spy.mjs");
    await writeFile(spy, spyCode(looks));
    await visit(site, site.env, "legacy", ["--import", pathToFileURL(spy).href]);
    const { files } = JSON.parse((await memoryOf(site)).text) as { files: object };
    const looked = (await readFile(looks, "utf8")).trim().split("\n");
    // of a client that asks late the server is opened before: what it is made of is no input
    const isCode = (path: string) => path === site.alpha || /[\\/](dist|node_modules)\b/.test(path);
    const isInput = (path: string) =>
      path.startsWith(site.root) && !path.startsWith(site.cache) && !isCode(path);
    const inputs = new Set(looked.filter(isInput));
    expect(inputs.size).toBeGreaterThan(4);
    expect(Object.keys(files)).toEqual(expect.arrayContaining([...inputs]));
  });

  it("holds no value of a variable", async () => {
    const site = take(plain);
    await visit(site, { ...site.env, TOKEN: "t-canary", REFERRED: "canary", TOOLSETS: "default" });
    const { text, mode } = await memoryOf(site);
    expect(text).not.toContain("canary");
    expect(mode & 0o777).toBe(0o600);
  });
});

/** Writes down each path that is looked at through `node:fs`. */
const spyCode = (file: string) => `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { appendFileSync } = fs;
for (const name of ["readFileSync", "existsSync", "statSync", "lstatSync", "readdirSync", "openSync", "watchFile"]) {
  const real = fs[name];
  fs[name] = (path, ...rest) => {
    if (typeof path === "string") appendFileSync(${JSON.stringify(file)}, path + "\\n");
    return real(path, ...rest);
  };
}
syncBuiltinESMExports();
`;

describe("What is not known from files alone", () => {
  it.each([
    ["a server without a lock file", () => unlocked],
    ["a server that is hidden while it is down", () => hidden],
  ])("is not remembered: %s", async (_, siteOf) => {
    const site = siteOf();
    await visit(site, site.env);
    expect(await memoriesOf(site)).toEqual([]);
  });

  it("is not remembered of a file that changed a moment ago", async () => {
    const site = take(plain);
    await again(site.secret);
    // its clock stands: it may need longer to start than the moment lasts
    const clock = `data:text/javascript,Date.now=()=>${Date.now()}`;
    await visit(site, site.env, "legacy", ["--import", clock]);
    expect(await memoriesOf(site)).toEqual([]);
  });
});

describe("A definition that is held back", () => {
  it("is not shown from memory", async () => {
    const site = take(pinned);
    expect(namesIn(await visit(site, site.env))).toEqual(ALL);
    await mark(site);
    await redescribe(site);
    const answers = await visit(site, site.env);
    expect([isMarked(answers), namesIn(answers)]).toEqual([false, ["alpha__read"]]);
  });

  it("stays away from memory, and is shown once it is approved", async () => {
    const site = held;
    expect(namesIn(await visit(site, site.env))).toEqual(["alpha__read"]);
    await mark(site);
    const remembered = await visit(site, site.env);
    expect([isMarked(remembered), namesIn(remembered)]).toEqual([true, ["alpha__read"]]);
    const definition = { ...listing("write", false), description: "another one" };
    const approved = { approvedAt: "2026-01-01T00:00:00Z", by: "a person" };
    const pin = { digest: digestOf(definition), definition, ...approved };
    const pins = { version: 1, servers: { alpha: { write: pin } } };
    await writeFile(join(site.root, "pins.json"), JSON.stringify(pins));
    expect(namesIn(await visit(site, site.env))).toEqual(ALL);
  });
});

describe("A configuration with a fault", () => {
  const faults: [what: string, env: Env, said: string][] = [
    ["a malformed variable", { PORT: "x" }, "PORT"],
    ["a secret that is too short", { GATEWAY_KEY_PEPPER: "short" }, "GATEWAY_KEY_PEPPER"],
    ["no gateway.json where one is named", { GATEWAY_CONFIG: "/none" }, "there is no such file"],
  ];
  it.each(faults)("is told as without a memory: %s", async (_, env, said) => {
    const site = take(plain);
    await visit(site, site.env);
    const raw = begin(site, { ...site.env, ...env });
    expect(await raw.exit()).toEqual({ code: 1, signal: null });
    expect(raw.stderr.text()).toContain(said);
    expect(raw.stdout.text()).toBe("");
  });

  it("is told when a variable that gateway.json names is gone", async () => {
    const site = take(plain);
    await visit(site, { ...site.env, REFERRED: "" });
    const { REFERRED: _, ...env } = site.env;
    const raw = begin(site, env);
    expect(await raw.exit()).toEqual({ code: 1, signal: null });
    expect(raw.stderr.text()).toContain("REFERRED");
  });
});

describe("A memory", () => {
  const isRoot = process.getuid?.() === 0;
  const distrusted: [what: string, spoil: (file: string, text: string) => Promise<unknown>][] = [
    ["cut short", (file, text) => writeFile(file, text.slice(0, -20))],
    ["empty", (file) => writeFile(file, "")],
    ["garbled", (file, text) => writeFile(file, text.replaceAll('"', "\u0000"))],
    ["of another form", (file) => writeFile(file, "{}")],
    ["null", (file) => writeFile(file, "null")],
    ["of another program", (file, text) => writeFile(file, text.replace('stdio.cjs"', 'http.js"'))],
    ["that others may write", (file) => chmod(file, 0o602)],
    ["that others may read", (file) => chmod(file, 0o640)],
    ["that is a folder", (file) => rm(file).then(() => mkdir(file))],
    ...(isRoot ? [["of somebody else", (file: string) => chown(file, 1, 1)] as never] : []),
  ];
  it(
    "is not trusted when it may be another's, or is not whole, and is made anew",
    async () => {
      const found: unknown[] = [];
      for (const [what, spoil] of distrusted) {
        const site = take(plain);
        await visit(site, site.env);
        await mark(site);
        const { file, text } = await memoryOf(site);
        await spoil(file, text);
        const raw = begin(site, site.env);
        const answers = await askFirst(raw);
        await leave(raw);
        found.push([what, isMarked(answers), namesIn(answers), raw.stderr.text()]);
        if (what === "that is a folder") continue;
        const { mode } = await memoryOf(site);
        expect(mode & 0o777, what).toBe(0o600);
      }
      expect(found).toEqual(distrusted.map(([what]) => [what, false, ALL, ""]));
    },
    LONG_MS,
  );

  it("is whole when several gateways start at once", async () => {
    const site = take(plain);
    const starts = await Promise.all([1, 2, 3].map(() => visit(site, site.env)));
    for (const answers of starts) expect(namesIn(answers)).toEqual(ALL);
    await mark(site);
    expect(isMarked(await visit(site, site.env))).toBe(true);
  });

  it("is not needed: a folder that cannot be written changes nothing", async () => {
    const site = take(plain);
    await writeFile(site.cache, "no folder");
    const raw = begin(site, site.env);
    expect(namesIn(await askFirst(raw))).toEqual(ALL);
    await leave(raw);
    expect(raw.stderr.text()).toBe("");
  });

  it("that turns out wrong is told to the client, and made anew", async () => {
    const site = take(plain);
    await visit(site, site.env);
    const { file, text } = await memoryOf(site);
    const memory = JSON.parse(text);
    memory.answers.tools = "[]";
    await writeFile(file, JSON.stringify(memory));
    const raw = begin(site, site.env);
    expect(namesIn(await askFirst(raw))).toEqual([]);
    await raw.stdout.find(
      (line) => line.includes("notifications/tools/list_changed"),
      "The change",
    );
    await raw.request("tools/list");
    expect(namesIn(raw.stdout.all)).toEqual(ALL);
    await leave(raw);
    expect((await memoryOf(site)).text).toBe(text);
  });

  it("lies in the cache folder of the user unless told otherwise", async () => {
    const site = take(plain);
    await visit(site, { ...site.env, XDG_CACHE_HOME: "relative", HOME: site.root });
    expect(await memoriesOf({ ...site, cache: join(site.root, ".cache") })).toHaveLength(1);
  });

  it("is one of a bounded number", async () => {
    const site = take(plain);
    await visit(site, site.env);
    const { file } = await memoryOf(site);
    for (let at = 0; at < MAX_MEMORIES; at++) {
      await copyFile(file, `${file}.${at}`);
      await utimes(`${file}.${at}`, 1_000 + at, 1_000 + at);
    }
    expect(await memoriesOf(site)).toHaveLength(MAX_MEMORIES + 1);
    await visit(site, { ...site.env, LOG_LEVEL: "error" });
    const left = await memoriesOf(site);
    expect(left).toHaveLength(MAX_MEMORIES);
    expect(left).toContain(file);
    expect(left).not.toContain(`${file}.0`);
  });
});
