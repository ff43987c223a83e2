import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { isObject } from "#shared/make-api/open-answer.ts";

type Fields = Record<string, unknown>;

/** Values by scenario id. Errors: VALIDATION_ERROR for one that is not verified, or no object. */
export function byScenario(
  name: string,
  given: Fields,
  scenarioIds: readonly number[],
): Map<number, Fields> {
  const pairs = Object.entries(given).map(([id, value]) => {
    if (!scenarioIds.includes(Number(id)) || !isObject(value))
      throw new ToolError(
        "VALIDATION_ERROR",
        `${name}: "${id}" must be one of scenarioIds, with an object.`,
      );
    return [Number(id), value] as const;
  });
  return new Map(pairs);
}

const STATUS_NAMES: Readonly<Record<string, string>> = { 1: "SUCCESS", 2: "WARNING", 3: "ERROR" };

/** What fails in one scenario; what is not asked for is null. */
export async function verifyScenario(
  make: MakeCall,
  scenarioId: number,
  expected: Fields | undefined,
  data: Fields | undefined,
) {
  const path = { scenarioId };
  const { name, isinvalid } = await make.get("GET /scenarios/{scenarioId}", { path });
  const valid = isinvalid !== true;
  const failures = valid ? [] : ["Make says that it is invalid"];
  const found = expected ? await readInterface(make, scenarioId) : null;
  for (const side of ["input", "output"] as const)
    if (found && expected) failures.push(...compare(side, expected[side], found[side]));
  // a test run of an invalid scenario would only say so again
  const run = data && valid ? await testRun(make, scenarioId, data) : null;
  if (run && run.status !== "SUCCESS") failures.push(`the test run ended in ${run.status}`);
  return { scenarioId, name, valid, interface: found, run, failures };
}

async function readInterface(make: MakeCall, scenarioId: number) {
  const path = { scenarioId };
  const { input, output } = await make.get("GET /scenarios/{scenarioId}/interface", { path });
  return { input: namesOf(input), output: namesOf(output) };
}

const namesOf = (fields: unknown): string[] =>
  Array.isArray(fields)
    ? fields.flatMap((each) => (isObject(each) ? String(each.name) : String(each))).sort()
    : [];

function compare(side: string, expected: unknown, found: readonly string[]): string[] {
  if (expected === undefined) return [];
  const wanted = namesOf(expected);
  return [
    ...wanted.filter((each) => !found.includes(each)).map((each) => `${side} ${each} is missing`),
    ...found.filter((each) => !wanted.includes(each)).map((each) => `${side} ${each} is new`),
  ];
}

async function testRun(make: MakeCall, scenarioId: number, data: Fields) {
  const key = "POST /scenarios/{scenarioId}/run";
  const body = { data, responsive: true };
  const { executionId, status, outputs } = await make.write(key, { path: { scenarioId }, body });
  // Make waits 40 s for the end, then answers without a status
  const isOver = status !== undefined && status !== null;
  if (!isOver) make.warn("A run had not ended: follow it with monitor_execution.");
  return {
    executionId: String(executionId),
    status: isOver ? (STATUS_NAMES[String(status)] ?? String(status)) : "RUNNING",
    outputs: outputs ?? null,
  };
}
