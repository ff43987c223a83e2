import { readFileSync } from "node:fs";

export interface Expectation {
  outcome?: "deny" | "allow" | "any" | "policy";
  maxMs?: number;
  maxBytes?: number;
  maxRssMB?: number;
  aliveAfter?: boolean;
  mustNotMatch?: string;
}

export interface Call {
  op: "query" | "explain" | "describe" | "sample";
  args: Record<string, unknown>;
  expect?: Expectation;
  repeat?: number;
  wait?: boolean;
  cancelAfterMs?: number;
}

export interface Case {
  id: string;
  title: string;
  engines: string[];
  role?: string;
  calls: Call[];
  expect: Expectation;
}

interface AttackFile {
  placeholders: Record<string, Record<string, string>>;
  cases: Case[];
}

export type EngineName = "postgres" | "pglite" | "mariadb" | "sqlite";

const file: AttackFile = JSON.parse(
  readFileSync(new URL("../fixtures/attacks-sql.json", import.meta.url), "utf8"),
);

/** The only placeholder: a statement that lasts. */
const [SLOW = ""] = Object.keys(file.placeholders);

/** The cases of one engine that this role can be attacked with, placeholders filled in. */
export function casesFor(engine: EngineName, role: string): Case[] {
  const fill = (text: string) => text.replace(SLOW, file.placeholders[SLOW]?.[engine] ?? "");
  return file.cases
    .filter((each) => each.engines.includes(engine))
    .filter((each) => each.role === undefined || each.role === role)
    .map((each) => ({
      ...each,
      calls: each.calls.map((call) => ({
        ...call,
        args: Object.fromEntries(
          Object.entries(call.args).map(([key, value]) => [
            key,
            typeof value === "string" ? fill(value) : value,
          ]),
        ),
      })),
    }));
}

type Statements = Record<"postgres" | "mariadb" | "sqlite", string[]>;
const statements = (name: string): Statements =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));
const dialectOf = (engine: EngineName) => (engine === "pglite" ? "postgres" : engine);

/** Statements that do more than read, each in a way of its own. */
export const refusedOn = (engine: EngineName) => statements("refused")[dialectOf(engine)];
/** Questions that people ask of the fixture. */
export const allowedOn = (engine: EngineName) => statements("allowed")[dialectOf(engine)];
