// Copied from shared/make-stub/fuzz.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { ERROR_CODES } from "#shared/core/errors.ts";
import { type Example, type ExampleSetting, inputOf, roomyStub } from "./examples.ts";
import { type MakeHarness, openMake } from "./harness.ts";
import type { StubAnswer, StubRequest } from "./stub.ts";

/** What stands where a number or a date should: never one in another form. */
const JUNK: readonly unknown[] = [
  "many",
  "",
  " ",
  "1e3",
  "0x1F",
  "NaN",
  true,
  [],
  {},
  [7],
  "31-02-2026",
  "12,5",
];
/** Any JSON, and what is often taken for an answer. */
const nonsense = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, 7, true, "text", [null], [[]], { wrong: 1 }, { error: "none" }),
);

/** Cases of each kind for a tool, whose answer is of figures or not; one for every endpoint it asks at least. */
const RUNS = { figures: 25, other: 2 };
const SLOW_MS = 60_000;

/**
 * Calls every tool while each of the endpoints it asks in turn answers what it never should: it must
 * fail with an error that names the endpoint, or answer with the same numbers as without.
 */
export function describeFuzz(setting: ExampleSetting): void {
  const slow = { timeout: SLOW_MS };

  describe("an answer of Make's in which a figure is none", () => {
    it.each(setting.examples)(
      "never becomes a wrong figure: $tool $input",
      slow,
      async (example) => {
        const { result, asked } = await callWith(setting, example);
        expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
        const right = numbersIn(result.structuredContent?.data);
        const choice = fc.record({ figure: fc.nat(), junk: fc.constantFrom(...JUNK) });
        await expectOfEach(example, asked, choice, async (endpoint, { figure, junk }) => {
          const seen = await callWith(setting, example, endpoint, (answer) => {
            const places = figuresIn(answer.body);
            const place = places[figure % places.length];
            return place ? { ...answer, body: put(answer.body, place, junk) } : answer;
          });
          if (seen.result.isError) expectNamed(seen.result);
          else expectNoOther(numbersIn(seen.result.structuredContent?.data), right);
        });
      },
    );
  });

  describe("an answer of Make's that is none", () => {
    it.each(setting.examples)("is an error that names it: $tool $input", slow, async (example) => {
      const { asked } = await callWith(setting, example);
      await expectOfEach(example, asked, nonsense, async (endpoint, body) => {
        const { result } = await callWith(setting, example, endpoint, () => ({ body }));
        if (result.isError) expectNamed(result);
        // what nothing is read from passes
        else expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity|undefined/);
      });
    });
  });
}

const expectOfEach = async <T>(
  { figures }: Example,
  endpoints: ReadonlySet<string>,
  choice: fc.Arbitrary<T>,
  check: (endpoint: string, chosen: T) => Promise<void>,
) => {
  const runs = figures ? RUNS.figures : RUNS.other;
  for (const endpoint of endpoints)
    await fc.assert(
      fc.asyncProperty(choice, (chosen) => check(endpoint, chosen)),
      { numRuns: Math.ceil(runs / endpoints.size) },
    );
};

/** Scenario 4001 and scenario 4002 are asked for at one endpoint. */
const endpointOf = ({ method, path }: StubRequest): string =>
  `${method} ${path.replaceAll(/\/(?:\d+|[0-9a-f-]{32,})(?=\/|$)/g, "/*")}`;

interface Seen {
  result: CallToolResult;
  /** Endpoints that it asked, beside the first look at the rate limit. */
  asked: ReadonlySet<string>;
}

/** A call in a world of its own, in which one endpoint answers otherwise. */
async function callWith(
  setting: ExampleSetting,
  example: Example,
  endpoint?: string,
  change: (answer: StubAnswer) => StubAnswer = (answer) => answer,
): Promise<Seen> {
  const asked = new Set<string>();
  let isReady = false;
  let isLimitKnown = false;
  const make = await openMake(setting.server, {
    ...roomyStub((request, usual) => {
      const answer = setting.intercept?.(request, usual) ?? usual();
      const isLimit = !isLimitKnown && request.path === "/organizations/101";
      isLimitKnown ||= isLimit;
      if (!isReady || isLimit) return answer;
      asked.add(endpointOf(request));
      return endpointOf(request) === endpoint ? change(answer) : answer;
    }),
    env: setting.env,
  });
  const before = await callNeeded(make, setting, example);
  isReady = true;
  const result = await make.call(example.tool, inputOf(example, before));
  await make.close();
  return { result, asked };
}

async function callNeeded({ data }: MakeHarness, { examples }: ExampleSetting, of: Example) {
  const before: Record<string, Record<string, unknown>> = {};
  for (const needed of of.needs ?? []) {
    const example = examples.find(({ tool }) => tool === needed);
    if (!example) throw new Error(`${of.tool} needs ${needed}, which has no example`);
    before[needed] = await data(needed, inputOf(example, before));
  }
  return before;
}

type Path = (string | number)[];

/** The places of numbers, counters and dates in an answer; `pg` is only told, never counted with. */
function figuresIn(value: unknown, path: Path = []): Path[] {
  if (path[0] === "pg") return [];
  if (typeof value === "number") return [path];
  if (typeof value === "string")
    return /^-?\d+(\.\d+)?$|^\d{2,4}-\d\d-\d{2,4}/.test(value) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => figuresIn(each, [...path, key]));
}

function put(value: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Object.assign(copy, {
    [key]: put((value as Record<string | number, unknown>)[key], rest, replacement),
  });
  return copy;
}

/** Every number of an answer, by its place. */
function numbersIn(value: unknown, place = ""): Map<string, number> {
  if (typeof value === "number") return new Map([[place, value]]);
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, each]) => [...numbersIn(each, `${place}/${key}`)]),
  );
}

/** The error is one of the kinds there are, and says which endpoint it comes from. */
function expectNamed({ content: [block] }: CallToolResult): void {
  const { error } = JSON.parse(block?.type === "text" ? block.text : "{}") as {
    error: { code: string; message: string };
  };
  expect(ERROR_CODES).toContain(error.code);
  if (error.code !== "NOT_FOUND" && error.code !== "CONFLICT")
    expect(error.message).toMatch(/(GET|POST|PUT|PATCH|DELETE) (\/|127)/);
}

function expectNoOther(
  seen: ReadonlyMap<string, number>,
  right: ReadonlyMap<string, number>,
): void {
  for (const [place, value] of seen)
    if (right.has(place)) expect(value, place).toBe(right.get(place));
}
