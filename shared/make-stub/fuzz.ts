import fc from "fast-check";
import { expect } from "vitest";
import type { ServerModule } from "#shared/core/contract.ts";
import { ERROR_CODES } from "#shared/core/errors.ts";
import { openMake } from "./harness.ts";
import type { StubAnswer } from "./stub.ts";

/** What stands where a number or a date should: never one in another form. */
const junk = fc.constantFrom<unknown>(
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
);

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

export interface Fuzzed {
  tool: string;
  input: object;
}

const RUNS = 25;

/**
 * Calls a tool while one figure of one of Make's answers is no figure. It must fail with an error that
 * names the endpoint, or answer with the same numbers as without: never with a wrong one.
 */
export async function expectNoWrongFigure(
  server: ServerModule,
  { tool, input }: Fuzzed,
): Promise<void> {
  const calm = await openMake(server);
  const usual = await calm.call(tool, input);
  expect(usual.isError, JSON.stringify(usual.content)).toBeUndefined();
  const right = numbersIn(usual.structuredContent?.data);
  const choice = fc.record({ request: fc.nat(), figure: fc.nat(), junk });
  await fc.assert(
    fc.asyncProperty(choice, async (chosen) => {
      const seen = await answerWith(server, { tool, input }, (answers, answer) => {
        if (answers !== chosen.request % calm.stub.requests.length) return answer;
        const places = figuresIn(answer.body);
        const place = places[chosen.figure % places.length];
        return place ? { ...answer, body: put(answer.body, place, chosen.junk) } : answer;
      });
      expectHonest(seen, right);
    }),
    { numRuns: RUNS },
  );
}

/** Calls a tool while one of Make's answers is any JSON at all. */
export async function expectErrorOnNonsense(
  server: ServerModule,
  { tool, input }: Fuzzed,
): Promise<void> {
  const calm = await openMake(server);
  await calm.call(tool, input);
  const total = calm.stub.requests.length;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.jsonValue({ maxDepth: 2 }), async (request, body) => {
      const seen = await answerWith(server, { tool, input }, (answers, answer) =>
        answers === request % total ? { body: typeof body === "string" ? [body] : body } : answer,
      );
      const named = JSON.stringify(seen);
      if (seen.isError) expect(named).toMatch(/(GET|POST) (\/|127)/);
      // what is refused for the limit's sake, and what nothing is read from, passes
      else expect(named).not.toMatch(/NaN|Infinity|undefined/);
    }),
    { numRuns: RUNS },
  );
}

async function answerWith(
  server: ServerModule,
  { tool, input }: Fuzzed,
  change: (answers: number, answer: StubAnswer) => StubAnswer,
) {
  let answers = 0;
  const { call, close } = await openMake(server, {
    intercept: (_, usual) => change(answers++, usual()),
  });
  const result = await call(tool, input);
  await close();
  return result;
}

function expectHonest(
  seen: Awaited<ReturnType<typeof answerWith>>,
  right: ReadonlyMap<string, number>,
): void {
  if (seen.isError) {
    const [block] = seen.content;
    const { error } = JSON.parse(block?.type === "text" ? block.text : "{}") as {
      error: { code: string; message: string };
    };
    expect(ERROR_CODES).toContain(error.code);
    if (error.code !== "NOT_FOUND" && error.code !== "CONFLICT")
      expect(error.message).toMatch(/(GET|POST) \//);
    return;
  }
  for (const [place, value] of numbersIn(seen.structuredContent?.data)) {
    if (right.has(place)) expect(value, place).toBe(right.get(place));
  }
}
