import type { Row } from "#shared/make-api/endpoints.ts";
import type { Scenario } from "#shared/make-api/scan.ts";
import { MS_A_DAY } from "./period.ts";
import { ERROR, type Run } from "./runs.ts";

type Hook = Row<"GET /hooks">;

/** Share of its limit from which a queue is near it. */
export const QUEUE_NEAR = 0.8;
/** Intervals without a run, from which a scenario is stuck. */
export const STUCK_INTERVALS = 3;

const DAYS: Readonly<Record<string, number>> = { daily: 1, weekly: 7, monthly: 31, yearly: 366 };

/** How often a scenario should run, milliseconds; undefined for those that wait for a call. */
function intervalOf({ scheduling }: Scenario): number | undefined {
  if (scheduling?.type === "indefinitely" && scheduling.interval)
    return scheduling.interval * 1_000;
  const days = DAYS[scheduling?.type ?? ""];
  return days === undefined ? undefined : days * MS_A_DAY;
}

/** What is wrong with a scenario now; undefined when nothing is. */
export function judgeHealth(scenario: Scenario, runs: readonly Run[], now: Date) {
  const [last] = runs;
  const interval = intervalOf(scenario);
  const since = last?.at ?? Date.parse(scenario.created ?? now.toISOString());
  const runsByItself = scenario.isActive === true && !scenario.isPaused;
  const isStuck =
    runsByItself && interval !== undefined && now.getTime() - since > STUCK_INTERVALS * interval;
  const problems = [
    scenario.isinvalid && "invalid",
    scenario.isPaused && "paused",
    scenario.isActive && last?.status === ERROR && "failing",
    isStuck && "stuck",
    (scenario.dlqCount ?? 0) > 0 && "incomplete-executions",
  ].filter((each) => typeof each === "string");
  return problems.length === 0
    ? undefined
    : {
        id: scenario.id,
        name: scenario.name,
        problems,
        lastRun: last?.row.timestamp ?? null,
        lastError: last?.status === ERROR ? (last.row.error?.message ?? null) : null,
        incompleteExecutions: scenario.dlqCount ?? 0,
      };
}

export const nearLimit = (hooks: readonly Hook[]) =>
  hooks.flatMap(({ id, name, queueCount, queueLimit }) =>
    queueCount != null && queueLimit && queueCount >= queueLimit * QUEUE_NEAR
      ? [{ id, name, queueCount, queueLimit }]
      : [],
  );
