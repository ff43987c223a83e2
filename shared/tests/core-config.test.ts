import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineConfig, flag, integer, list, parseConfig } from "#shared/core/config.ts";
import { ConfigError } from "#shared/core/errors.ts";
import { mask, maskJson, secretForms } from "#shared/core/mask.ts";

const config = defineConfig({
  LIMIT: { schema: integer(1, 10).default(5), describe: "How many" },
  WRITES: { schema: flag().default(true), describe: "Whether to write" },
  NAMES: { schema: list().default([]), describe: "Names" },
  API_KEY: {
    schema: z.string().min(8).optional(),
    describe: "A key",
    secret: true,
    from: "example.com/keys",
  },
  NEEDED: { schema: z.string().default("x"), describe: "Needed", profiles: { production: "p" } },
});
const parse = (env: Record<string, string | undefined>) => parseConfig(config, env);
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parse(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
};

test("every bad variable is named at once, with what it is for and where to get one", () => {
  const env = { LIMIT: "11", WRITES: "perhaps", LOG_LEVEL: "loud", API_KEY: "shorty!", PORT: "-1" };
  const faults = faultsOf(env);
  expect(faults.map((fault) => fault.split(":")[0]).sort()).toEqual(Object.keys(env).sort());
  expect(faults.join("\n")).toContain(
    'LIMIT: "11" is not valid: expected a whole number from 1 to 10',
  );
  expect(faults.join("\n")).toContain("Get one: example.com/keys.");
  expect(() => parse(env)).toThrow(/5 faults/);
});

test("the value of a secret is not shown, also when its schema repeats it", () => {
  const leaky = defineConfig({
    TOKEN: {
      schema: z.string().superRefine((value, context) => context.addIssue(`bad token ${value}`)),
      describe: "A token",
      secret: true,
    },
  });
  expect(() => parseConfig(leaky, { TOKEN: "tok-123456" })).toThrow(
    /TOKEN: its value is not valid/,
  );
  expect(() => parseConfig(leaky, { TOKEN: "tok-123456" })).not.toThrow(/tok-123456/);
});

test("an empty variable counts as absent", () => {
  const { values } = parse({ LIMIT: "", WRITES: "", API_KEY: "", PORT: "", HOST: "" });
  expect(values).toMatchObject({ LIMIT: 5, WRITES: true });
  expect([values.API_KEY, values.PORT, values.HOST]).toEqual([undefined, undefined, undefined]);
});

describe("profiles", () => {
  test.each([
    [{}, "x"],
    [{ ENVIRONMENT: "production" }, "p"],
    [{ ENVIRONMENT: "staging" }, "x"],
    [{ ENVIRONMENT: "production", NEEDED: "mine" }, "mine"],
    [{ ENVIRONMENT: "production", NEEDED: "" }, "p"],
  ])(
    "%j gives %j: a variable wins over its profile, and that over the default",
    (env, expected) => {
      expect(parse(env).values.NEEDED).toBe(expected);
    },
  );

  test("staging logs more, and an unknown profile is a fault", () => {
    expect(parse({ ENVIRONMENT: "staging" }).values.LOG_LEVEL).toBe("debug");
    expect(faultsOf({ ENVIRONMENT: "prod" })).toHaveLength(1);
  });
});

test.each([
  ["true", true],
  ["TRUE", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["False", false],
  ["0", false],
  ["no", false],
  ["off", false],
])("the word %j is %j", (word, expected) => {
  expect(parse({ WRITES: word }).values.WRITES).toBe(expected);
});

test.each(["maybe", "2", "tru", " "])("%j is no word for true or false", (word) => {
  expect(faultsOf({ WRITES: word })).toHaveLength(1);
});

test("whole numbers are read as such and nothing else is", () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const fits = value >= 1 && value <= 10;
      expect(faultsOf({ LIMIT: String(value) })).toHaveLength(fits ? 0 : 1);
    }),
  );
  for (const text of ["1.5", "1e1", "0x1", " 1", "1 ", "٣", "9".repeat(400)])
    expect(faultsOf({ LIMIT: text }), text).toHaveLength(1);
});

test("a list drops blanks around and between its words", () => {
  expect(parse({ NAMES: " a, ,b,, c " }).values.NAMES).toEqual(["a", "b", "c"]);
});

test.each([
  [{ lower: { schema: z.string(), describe: "" } }, /no name for an environment variable/],
  [{ PORT: { schema: z.string(), describe: "" } }, /standard variable/],
])("a definition that cannot hold is refused", (variables, message) => {
  expect(() => defineConfig(variables as never)).toThrow(message);
});

describe("secrets are masked", () => {
  const secretsOf = (value: string) => parse({ API_KEY: value }).secrets;

  test("as given, and as the schema reads them", () => {
    const trimmed = defineConfig({
      KEY: { schema: z.string().trim(), describe: "", secret: true },
    });
    expect(parseConfig(trimmed, { KEY: " padded-key\n" }).secrets).toContain("padded-key");
    expect(secretsOf("long-enough")).toEqual(["long-enough"]);
  });

  test("and the password in a URL by itself, as written and decoded", () => {
    const forms = secretForms("postgres://user:p%40ssword@db.example/x", undefined);
    expect(forms).toEqual(expect.arrayContaining(["p%40ssword", "p@ssword"]));
    expect(secretForms("postgres://db.example/x?a=b:c@d", undefined)).toHaveLength(1);
  });

  test("whole, when one holds another", () => {
    const pair = defineConfig({
      A: { schema: z.string(), describe: "", secret: true },
      B: { schema: z.string(), describe: "", secret: true },
    });
    const { secrets } = parseConfig(pair, { A: "abcdef", B: "abcdefghij" });
    expect(mask("x abcdefghij y abcdef z", secrets)).toBe("x [secret] y [secret] z");
  });

  test("in every text and key of any JSON, which stays JSON", () => {
    const secret = fc.string({ minLength: 6, maxLength: 20, unit: "binary" });
    fc.assert(
      fc.property(secret, fc.jsonValue({ maxDepth: 3 }), (hidden, value) => {
        const masked = maskJson({ value, [`k${hidden}`]: [`a${hidden}b`] }, [hidden]);
        const texts: string[] = [];
        JSON.stringify(masked, (key, item) => {
          texts.push(key, ...(typeof item === "string" ? [item] : []));
          return item;
        });
        expect(texts.filter((text) => text.replaceAll("[secret]", "").includes(hidden))).toEqual(
          [],
        );
      }),
    );
  });
});

describe("a family of variables", () => {
  const family = defineConfig({
    DEPOT_URL: { schema: z.url().optional(), describe: "The first depot" },
    DEPOT_URL_NAME: {
      schema: z.url().optional(),
      describe: "Further depots",
      secret: true,
      family: true,
    },
  });

  test("is a record by what follows the common beginning, in lower case", () => {
    const env = {
      DEPOT_URL: "http://a.example",
      DEPOT_URL_WEST: "http://w.example",
      DEPOT_URL_NAME: "http://n.example",
      DEPOT_URL_EMPTY: "",
      DEPOT_URL_: "http://x.example",
      DEPOT: "http://y.example",
    };
    const { values } = parseConfig(family, env);
    expect(values.DEPOT_URL).toBe("http://a.example");
    expect(values.DEPOT_URL_NAME).toEqual({ name: "http://n.example", west: "http://w.example" });
    expect(parseConfig(family, {}).values.DEPOT_URL_NAME).toEqual({});
  });

  test("masks each of its secrets and names each of its faults", () => {
    const given = {
      DEPOT_URL_A: "http://u:first-secret@a.example",
      DEPOT_URL_B: "http://second.example",
    };
    expect(parseConfig(family, given).secrets).toEqual(
      expect.arrayContaining(["first-secret", ...Object.values(given)]),
    );
    expect(() => parseConfig(family, { DEPOT_URL_A: "no", DEPOT_URL_B: "none" })).toThrow(
      /DEPOT_URL_A: its value is not valid[\s\S]*DEPOT_URL_B: its value is not valid/,
    );
  });
});
