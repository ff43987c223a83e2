import pLimit from "p-limit";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "./call.ts";
import type { Answer, Row } from "./endpoints.ts";

export type Scenario = Row<"GET /scenarios">;
export type BlueprintAnswer = Answer<"GET /scenarios/{scenarioId}/blueprint">;
export type Team = Row<"GET /teams">;

/** A scan that is not told otherwise may take this many minutes of the organisation's limit. */
export const SCAN_MINUTES = 2;
const SCAN_CONCURRENCY = 6;

interface Where {
  organizationId?: number | undefined;
  teamId?: number | undefined;
}

/** The scenarios of a team, or of the whole organisation; Make takes exactly one of the two. */
export async function listScenarios(make: MakeCall, where: Where): Promise<Scenario[]> {
  return await make.all("GET /scenarios", { query: await oneOf(make, where) });
}

/** The query of an endpoint that takes a team or an organisation, and refuses both. */
export async function oneOf(make: MakeCall, { organizationId, teamId }: Where) {
  if (teamId !== undefined) return { teamId };
  return { organizationId: await make.organizationId(organizationId) };
}

/** The team that is named, or all teams of the organisation. */
export async function listTeams(
  make: MakeCall,
  { organizationId, teamId }: Where,
): Promise<Team[]> {
  const query = {
    organizationId: await make.organizationId(organizationId),
    "cols[]": TEAM_COLUMNS,
  };
  const teams = await make.all("GET /teams", { query });
  const wanted = teamId === undefined ? teams : teams.filter(({ id }) => id === teamId);
  if (wanted.length > 0 || teamId === undefined) return wanted;
  throw new ToolError("NOT_FOUND", `There is no team ${teamId} in this organisation.`);
}

const TEAM_COLUMNS = [
  "id",
  "name",
  "organizationId",
  "operationsLimit",
  "transferLimit",
  "consumedOperations",
  "consumedTransfer",
  "consumedCenticredits",
  "isPaused",
];

export interface ScanOptions {
  /** What is read, for the messages: "blueprints". */
  what: string;
  maxCalls?: number | undefined;
  /** Calls an item, at most. */
  callsEach?: number;
}

/**
 * Asks Make about each item, some at a time; says beforehand how many calls that takes, tells
 * progress, and stops when the caller does. One item that fails ends the scan: a figure over part of
 * the items would be wrong. Errors: VALIDATION_ERROR when it would take more calls than it may.
 */
export async function scan<T, R>(
  make: MakeCall,
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { what, maxCalls, callsEach = 1 }: ScanOptions,
): Promise<R[]> {
  const limit = await make.account.budget.limit();
  const calls = items.length * callsEach;
  const most = maxCalls ?? limit * SCAN_MINUTES;
  const minutes = Math.ceil(calls / limit);
  if (calls > most)
    throw new ToolError(
      "VALIDATION_ERROR",
      `Reading ${what} takes ${calls} calls, some ${minutes} min at ${limit} a minute, and ${most} are allowed. Ask for less, or set maxCalls to ${calls}.`,
      { details: { reason: "too_many_calls", calls, minutes, maxCalls: most } },
    );
  const { context } = make;
  context.progress(0, items.length, `${calls} calls for ${what}, at ${limit} a minute`);
  const line = pLimit(SCAN_CONCURRENCY);
  let done = 0;
  const one = async (item: T): Promise<R> => {
    context.signal.throwIfAborted();
    const result = await work(item);
    done += 1;
    context.progress(done, items.length, what);
    return result;
  };
  try {
    return await line.map(items, one);
  } finally {
    line.clearQueue();
  }
}

export interface WithBlueprint {
  scenario: Scenario;
  answer: BlueprintAnswer;
}

/** The blueprints of scenarios, kept by the time of their last edit. */
export async function readBlueprints(
  make: MakeCall,
  scenarios: readonly Scenario[],
  maxCalls?: number,
): Promise<WithBlueprint[]> {
  const read = async (scenario: Scenario) => ({
    scenario,
    answer: await readBlueprint(make, scenario),
  });
  return await scan(make, scenarios, read, { what: "blueprints", maxCalls });
}

async function readBlueprint(make: MakeCall, scenario: Scenario): Promise<BlueprintAnswer> {
  const ask = () =>
    make.get("GET /scenarios/{scenarioId}/blueprint", { path: { scenarioId: scenario.id } });
  if (!scenario.lastEdit) return await ask();
  const key = `${scenario.id} ${scenario.lastEdit}`;
  return await make.account.blueprints.get(key, ask);
}
