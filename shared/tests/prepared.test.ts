import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineConfig } from "#shared/core/config.ts";
import { ConfigError } from "#shared/core/errors.ts";
import { createServer } from "#shared/core/server.ts";
import { capabilitiesOf } from "#shared/mcp/capabilities.ts";
import { prepare, shownTools } from "#shared/mcp/prepared.ts";
import { silentLog } from "./support/differential-server.ts";
import lock, { lockOf } from "./support/prepared-server/lock.ts";
import { server } from "./support/prepared-server/server.ts";

const RUNS = 2_000;
const SEED = 20_260_728;

type Env = Record<string, string | undefined>;

const listings = server.tools.map(({ listing }) => JSON.stringify(listing));
const prepared = (env: Env) => prepare(lock, env, () => listings);

function names(env: Env): string[] | undefined {
  const list = prepared(env)?.listTools();
  return list && JSON.parse(list).map(({ name }: { name: string }) => name);
}

/** The instance, or the error that keeps it from opening. */
async function open(env: Env) {
  try {
    return await server.open({ env, log: silentLog });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const FLAG_WORDS = [
  "true",
  "false",
  "TRUE",
  "False",
  "1",
  "0",
  "yes",
  "no",
  "on",
  "off",
  "maybe",
  " true",
  "",
];
const flags = ["READ_ONLY", "FEATURE_EXTRA", "FEATURE_USUAL", "FEATURE_STAGED", "FEATURE_PLAIN"];
const plainly = (words: readonly string[], odd: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );

const environments: fc.Arbitrary<Env> = fc.record({
  ...Object.fromEntries(
    flags.map((name) => [name, plainly(["true", "false", "on", "off"], FLAG_WORDS)]),
  ),
  TOOLSETS: plainly(
    ["more", "basic", "default", "all", "default,more", " more , basic "],
    ["", " ", ",", "more,", "nope", "default,nope", "MORE", "toString"],
  ),
  ENVIRONMENT: plainly(["development", "staging", "production"], ["", "test", "Staging"]),
  LOG_LEVEL: plainly(["debug", "silent"], ["", "loud"]),
  WORD: plainly(["one", "two"], ["", "three"]),
  HOST: plainly(["0.0.0.0"], [""]),
  PORT: plainly(["0", "80", "65535"], ["", "-1", "65536", "80.0", "x"]),
  COUNT: plainly(["-5", "20"], ["", "-6", "21", "1e1"]),
  PATHS: plainly(["a", "a:b"], ["", "A", "a:"]),
  NOTE: plainly(["ab", "abcd"], ["", "a", "abcde"]),
  ADDRESS: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    fc.constantFrom("", "http://a", "x"),
  ),
  UNKNOWN: fc.constantFrom(undefined, "x"),
});

describe("A start from the lock file", () => {
  it("lists what the opened server lists, or leaves the environment to be checked", async () => {
    let answered = 0;
    const property = fc.asyncProperty(environments, async (env) => {
      const source = prepared(env);
      if (!source) return;
      answered += 1;
      const opened = await open(env);
      if (opened instanceof ConfigError) throw opened;
      expect(source.listTools()).toBe(JSON.stringify(opened.tools));
      expect(source.capabilities).toEqual(capabilitiesOf(server, opened));
      await opened.close();
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    expect(answered).toBeGreaterThan(RUNS / 10);
  });

  it("shows the default tools when nothing is set", () => {
    expect(names({})).toEqual(["say_plain", "say_written", "say_basic", "say_usual", "ask_user"]);
  });

  it("drops the tools that write where writing is off", () => {
    expect(names({ READ_ONLY: "true" })).not.toContain("say_written");
    expect(names({ READ_ONLY: "false" })).toContain("say_written");
  });

  it("knows toolsets by name, and the names for some and all", () => {
    expect(names({ TOOLSETS: "more" })).toEqual([
      "say_plain",
      "say_written",
      "say_more",
      "ask_user",
    ]);
    expect(names({ TOOLSETS: "default, more" })).toContain("say_basic");
    expect(names({ TOOLSETS: "all" })).toEqual(expect.arrayContaining(["say_basic", "say_more"]));
  });

  it("knows what a flag is in each environment", () => {
    expect(names({ ENVIRONMENT: "staging" })).toContain("say_staged");
    expect(names({ ENVIRONMENT: "production" })).not.toContain("say_staged");
    expect(names({ ENVIRONMENT: "staging", FEATURE_STAGED: "false" })).not.toContain("say_staged");
    expect(names({})).not.toContain("say_staged");
  });

  it("knows on and off for true and false", () => {
    expect(names({ READ_ONLY: "on" })).toEqual(names({ READ_ONLY: "true" }));
    expect(names({ READ_ONLY: "off" })).toEqual(names({ READ_ONLY: "false" }));
    expect(names({ FEATURE_EXTRA: "on" })).not.toEqual(names({ FEATURE_EXTRA: "off" }));
  });

  it.each(FLAG_WORDS.filter((word) => !["true", "false", "on", "off", ""].includes(word)))(
    "leaves the word %j for a flag to be checked",
    (word) => {
      expect(names({ READ_ONLY: word })).toBeUndefined();
      expect(names({ FEATURE_EXTRA: word })).toBeUndefined();
    },
  );

  it.each([
    ...["-1", "65536", "80.0", " 80", "8e1"].map((PORT) => ({ PORT })),
    ...["-6", "21", "x"].map((COUNT) => ({ COUNT })),
    ...["a", "abcde"].map((NOTE) => ({ NOTE })),
    { PATHS: "A:b" },
    { WORD: "three" },
    { ENVIRONMENT: "test" },
    { TOOLSETS: "nope" },
    { FEATURE_PLAIN: "true" },
    { REQUEST_STATE_KEY: "short" },
  ])("leaves %j to be checked", (env) => {
    expect(names(env)).toBeUndefined();
  });

  it.each([
    ...["0", "80", "65535"].map((PORT) => ({ PORT })),
    ...["-5", "20"].map((COUNT) => ({ COUNT })),
    ...["ab", "abcd", "\n\n"].map((NOTE) => ({ NOTE })),
    { PATHS: "a:b" },
    { REQUEST_STATE_KEY: "k".repeat(32) },
  ])("takes %j as it is, and so does the server", async (env) => {
    expect(names(env)).toBeDefined();
    expect(await open(env)).not.toBeInstanceOf(ConfigError);
  });

  it("leaves a missing variable that must be there to be reported", () => {
    const config = defineConfig({ KEY: { schema: z.string(), describe: "A key" } });
    const manifest = { name: "x", version: "1", description: "", flotilla: { title: "", port: 1 } };
    const strict = lockOf(createServer({ manifest, instructions: "", config, tools: [] }), config);
    const none = () => [];
    expect(prepare(strict, {}, none)).toBeUndefined();
    expect(prepare(strict, { KEY: "" }, none)).toBeUndefined();
    expect(prepare(strict, { KEY: "here" }, none)).toBeDefined();
  });
});

describe("a family of variables", () => {
  const variables = { ...lock.variables, DEPOT_URL_NAME: { kind: "checked", family: true } };
  const withFamily = (env: Env) => prepare({ ...lock, variables }, env, () => listings);

  it("is left to the schema when there is one of it", () => {
    expect(withFamily({ DEPOT_URL_WEST: "x" })).toBeUndefined();
    expect(withFamily({ DEPOT_URL_NAME: "x" })).toBeUndefined();
  });

  it("says nothing of variables that only look like it", () => {
    expect(withFamily({})).toBeDefined();
    expect(withFamily({ DEPOT_URL_WEST: "", DEPOT_URL_: "x", DEPOT_URL: "x" })).toBeDefined();
  });
});

it.each([
  "true",
  "TRUE",
  "1",
  "yes",
  "on",
  "Y",
  "enabled",
  "false",
  "0",
  "no",
  "off",
  "n",
  "disabled",
])("reads the flag %j as its schema does", (word) => {
  const tools = [{ toolset: "a", annotations: { readOnlyHint: false } }];
  const lock = { tools, toolsets: { a: { default: true } }, variables: {} };
  expect(shownTools(lock, { READ_ONLY: word })).toEqual([!z.stringbool().parse(word)]);
});
