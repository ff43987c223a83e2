import * as z from "zod";
import { ConfigError } from "./errors.ts";
import { lazily } from "./lazily.ts";
import { mask, secretForms } from "./mask.ts";
import { tagKind } from "./variable-kind.ts";

export type Environment = "development" | "staging" | "production";

/** One environment variable. Its schema reads a string; an empty value counts as absent. */
export interface Variable<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  /** What it is while it is absent, where that is known without asking the schema. */
  absent?: unknown;
  /** What it is for, in a few words: goes to `.env.example`, the README and every manifest. */
  describe: string;
  /** Masked in logs, errors and listings. */
  secret?: boolean;
  /** Where to get a value. */
  from?: string;
  /** Values for when the variable is absent, by ENVIRONMENT; they win over the schema's default. */
  profiles?: Partial<Record<Environment, string>>;
  /**
   * Stands for all variables that begin as its own name does, up to the last underscore:
   * `DATABASE_URL_NAME` for `DATABASE_URL_SALES` too. The value is a record by what follows, in
   * lower case; empty when there are none.
   */
  family?: true;
}

export type Variables = Record<string, Variable>;
export type ConfigOf<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends { family: true }
    ? Readonly<Record<string, NonNullable<z.output<V[K]["schema"]>>>>
    : z.output<V[K]["schema"]>;
};

/** A word for true or false; "false" is false, which `z.coerce.boolean` gets wrong. */
export const flag = () =>
  tagKind(z.stringbool({ error: 'expected a word such as "true" or "false"' }), "flag");

/** A whole number from `min` to `max`, both included. */
export const integer = (min: number, max: number) =>
  tagKind(
    z
      .string()
      .regex(/^-?\d+$/, `expected a whole number from ${min} to ${max}`)
      .transform(Number)
      .refine(
        (value) => value >= min && value <= max,
        `expected a whole number from ${min} to ${max}`,
      ),
    { min, max },
  );

/**
 * `schema`, which takes every value that matches `pattern`: a start that finds such a value lists the
 * tools without asking the schema. Anything else is for the schema, right or wrong.
 */
export const plainly = <S extends z.ZodType>(pattern: RegExp, schema: S): S =>
  tagKind(schema, { pattern: pattern.source });

/** Words between commas, trimmed, empty ones dropped. */
export const list = () => tagKind(z.string().transform(splitWords), "text");

/** Words between commas, each one of `known`. */
export const namesAmong = (known: readonly string[]) =>
  list().superRefine((names, context) => {
    const wrong = names.filter((name) => !known.includes(name)).map((name) => JSON.stringify(name));
    if (wrong.length > 0)
      context.addIssue(`there is no ${wrong.join(", ")}, only ${known.join(", ")}`);
  });

const splitWords = (text: string) =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

const STATE_KEY_BYTES = 32;
const stateKey = () =>
  z.string().min(STATE_KEY_BYTES, `expected at least ${STATE_KEY_BYTES} characters`);

type Described = Omit<Variable, "schema" | "absent" | "family">;

/**
 * A variable that may be absent, in which case it is `absent`. The schema of its values is made when
 * one is given: making schemas is most of what a start costs.
 */
export function whenGiven<S extends z.ZodType, D extends Described>(
  make: () => S,
  rest: D & { absent: z.output<S> & {} },
): D & { absent: z.output<S>; readonly schema: z.ZodDefault<S> };
export function whenGiven<S extends z.ZodType, D extends Described>(
  make: () => S,
  rest: D,
): D & { absent: undefined; readonly schema: z.ZodOptional<S> };
export function whenGiven(make: () => z.ZodType, rest: Described & { absent?: unknown }): Variable {
  const schema = lazily(() =>
    rest.absent === undefined ? make().optional() : make().default(rest.absent),
  );
  return {
    absent: undefined,
    ...rest,
    get schema() {
      return schema();
    },
  };
}

/** What every server reads. */
export const standardVariables = {
  ENVIRONMENT: whenGiven(() => z.enum(["development", "staging", "production"]), {
    absent: "development",
    describe: "Profile that sets the other defaults: development, staging or production",
  }),
  LOG_LEVEL: whenGiven(() => z.enum(["debug", "info", "warn", "error", "silent"]), {
    absent: "info",
    describe: "Least level that is logged: debug, info, warn, error or silent",
    profiles: { staging: "debug" },
  }),
  READ_ONLY: whenGiven(flag, { absent: false, describe: "Hide every tool that writes" }),
  TOOLSETS: whenGiven(list, {
    absent: ["default"],
    describe: 'Toolsets to show, by name, between commas; "default" and "all" are names too',
  }),
  HOST: whenGiven(() => z.string(), {
    describe: "Address the HTTP entry listens on. Absent: 127.0.0.1, or every address in a cloud",
  }),
  PORT: whenGiven(() => integer(0, 65_535), {
    describe:
      "Port the HTTP entry listens on; 0 takes a free one. Absent: the port of its package.json",
  }),
  ALLOWED_HOSTS: whenGiven(list, {
    absent: [],
    describe: "Host names the HTTP entry answers to beside localhost, between commas",
  }),
  ALLOWED_ORIGINS: whenGiven(list, {
    absent: [],
    describe: "Web origins that may call the HTTP entry beside localhost, between commas",
  }),
  ASK_OVER_HTTP: whenGiven(flag, {
    absent: false,
    describe:
      "Ask clients of 2025 on the stream of their call; only where one process gets all their requests",
  }),
  REQUEST_STATE_KEY: whenGiven(stateKey, {
    describe:
      "Key that seals questions to the user; the same on every replica. Absent: made at start",
    secret: true,
  }),
} satisfies Variables;

export type StandardConfig = ConfigOf<typeof standardVariables>;

export interface ConfigDefinition<V extends Variables = Variables> {
  readonly variables: V & typeof standardVariables;
}

/** The environment of a server: its own variables beside the standard ones. */
export function defineConfig<V extends Variables>(variables: V): ConfigDefinition<V> {
  for (const name of Object.keys(variables)) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name))
      throw new TypeError(`${name} is no name for an environment variable`);
    if (name in standardVariables)
      throw new TypeError(`${name} is a standard variable and cannot be redefined`);
  }
  return { variables: { ...standardVariables, ...variables } };
}

export interface ParsedConfig<V extends Variables> {
  values: ConfigOf<V> & StandardConfig;
  /** The values that must never be shown. */
  secrets: string[];
}

/** Reads the environment. Throws a ConfigError that names every bad variable at once. */
export function parseConfig<V extends Variables>(
  definition: ConfigDefinition<V>,
  env: Readonly<Record<string, string | undefined>>,
): ParsedConfig<V> {
  const variables: Variables = definition.variables;
  const values: Record<string, unknown> = {};
  const secrets: string[] = [];
  const faults: string[] = [];
  const profile = readProfile(env);
  const read = (name: string, variable: Variable): unknown => {
    const given = env[name] === "" ? undefined : env[name];
    const text = given ?? variable.profiles?.[profile];
    if (text === undefined && "absent" in variable) return variable.absent;
    const parsed = variable.schema.safeParse(text);
    if (!parsed.success) {
      faults.push(describeFault(name, variable, given, parsed.error));
      return undefined;
    }
    if (variable.secret && given !== undefined) secrets.push(...secretForms(given, parsed.data));
    return parsed.data;
  };
  for (const [name, variable] of Object.entries(variables)) {
    values[name] = variable.family ? readFamily(name, variable, env, read) : read(name, variable);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  // the longest first: a secret that holds another one is masked whole
  secrets.sort((a, b) => b.length - a.length);
  return { values: values as ParsedConfig<V>["values"], secrets };
}

/** What the names of a family begin with. */
const familyPrefix = (name: string): string => name.slice(0, name.lastIndexOf("_") + 1);

function readFamily(
  name: string,
  variable: Variable,
  env: Readonly<Record<string, string | undefined>>,
  read: (name: string, variable: Variable) => unknown,
): Record<string, unknown> {
  const prefix = familyPrefix(name);
  const members = Object.keys(env).filter(
    (each) =>
      each.startsWith(prefix) && each !== prefix && env[each] !== "" && env[each] !== undefined,
  );
  return Object.fromEntries(
    members.sort().map((each) => [each.slice(prefix.length).toLowerCase(), read(each, variable)]),
  );
}

function readProfile(env: Readonly<Record<string, string | undefined>>): Environment {
  if (!env.ENVIRONMENT) return standardVariables.ENVIRONMENT.absent;
  const parsed = standardVariables.ENVIRONMENT.schema.safeParse(env.ENVIRONMENT);
  return parsed.success ? parsed.data : "development";
}

const SHOWN_VALUE_LENGTH = 60;

function describeFault(
  name: string,
  variable: Variable,
  given: string | undefined,
  error: z.ZodError,
): string {
  const messages = [...new Set(error.issues.map((issue) => issue.message))].join("; ");
  const reasons = variable.secret && given ? mask(messages, [given]) : messages;
  const from = variable.from ? ` Get one: ${variable.from}.` : "";
  if (given === undefined) return `${name} is missing. ${variable.describe}.${from}`;
  const shown = variable.secret ? "its value" : JSON.stringify(given.slice(0, SHOWN_VALUE_LENGTH));
  return `${name}: ${shown} is not valid: ${reasons}. ${variable.describe}.${from}`;
}
