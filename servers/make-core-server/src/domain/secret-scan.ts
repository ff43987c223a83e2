import type { MakeCall } from "#shared/make-api/call.ts";
import {
  listScenarios,
  listTeams,
  readBlueprints,
  type Scenario,
  scan,
  type Team,
} from "#shared/make-api/scan.ts";
import { findSecret, type Secret, secretsInBlueprint } from "#shared/make-api/secrets.ts";

export interface Finding extends Secret, Record<string, unknown> {
  where: "scenario" | "variable" | "function";
  /** Of the scenario, team, organisation or function. */
  id: number | string;
  name: string;
  /** "module 1 mapper.headers[0].value" */
  place: string;
}

interface Where {
  organizationId?: number | undefined;
  teamId?: number | undefined;
  scenarioIds?: readonly number[] | undefined;
  maxCalls?: number | undefined;
}

export interface Scan {
  findings: Finding[];
  scanned: { scenarios: number; variables: number; functions: number };
}

/**
 * Looks for secrets that are written out: in the blueprints of scenarios and, unless single scenarios
 * are named, in variables and custom functions. What the token may not read is told as missing.
 */
export async function scanForSecrets(make: MakeCall, where: Where): Promise<Scan> {
  const inBlueprints = await scanBlueprints(
    make,
    await chosenScenarios(make, where),
    where.maxCalls,
  );
  if (where.scenarioIds) return together([inBlueprints]);
  const organizationId = await make.organizationId(where.organizationId);
  const teams = await make.optional("teams", () => listTeams(make, { ...where, organizationId }));
  const parts = [inBlueprints];
  if (where.teamId === undefined) parts.push(await scanOrganizationVariables(make, organizationId));
  for (const team of teams ?? []) parts.push(await scanTeamVariables(make, team));
  parts.push(await scanFunctions(make, teams ?? [], where.maxCalls));
  return together(parts);
}

async function chosenScenarios(make: MakeCall, where: Where): Promise<Scenario[]> {
  const { scenarioIds } = where;
  if (!scenarioIds) return await listScenarios(make, where);
  const read = (scenarioId: number) =>
    make.get("GET /scenarios/{scenarioId}", { path: { scenarioId } });
  return await scan(make, scenarioIds, read, { what: "scenarios", maxCalls: where.maxCalls });
}

const NOTHING = { scenarios: 0, variables: 0, functions: 0 };

async function scanBlueprints(
  make: MakeCall,
  scenarios: readonly Scenario[],
  maxCalls: number | undefined,
): Promise<Scan> {
  const read = await readBlueprints(make, scenarios, maxCalls);
  const findings = read.flatMap(({ scenario, answer }) =>
    secretsInBlueprint(answer.blueprint).map(({ moduleId, module, field, name, ...secret }) => ({
      where: "scenario" as const,
      id: scenario.id,
      name: scenario.name,
      place: `module ${moduleId} ${field}`,
      moduleId,
      module,
      field: name,
      ...secret,
    })),
  );
  return { findings, scanned: { ...NOTHING, scenarios: read.length } };
}

interface Variable {
  name: string;
  value: unknown;
  isSystem?: boolean | null | undefined;
}

async function scanOrganizationVariables(make: MakeCall, organizationId: number): Promise<Scan> {
  const variables = await make.optional("variables of the organisation", () =>
    make.get("GET /organizations/{organizationId}/variables", { path: { organizationId } }),
  );
  return variablesScan(variables ?? [], organizationId, "organization");
}

async function scanTeamVariables(make: MakeCall, { id, name }: Team): Promise<Scan> {
  const variables = await make.optional(`variables of team ${name}`, () =>
    make.get("GET /teams/{teamId}/variables", { path: { teamId: id } }),
  );
  return variablesScan(variables ?? [], id, "team");
}

function variablesScan(all: readonly Variable[], id: number, scope: string): Scan {
  const own = all.filter(({ isSystem }) => isSystem !== true);
  const findings = own.flatMap(({ name, value }) => {
    const secret = typeof value === "string" ? findSecret(name, value) : undefined;
    return secret ? [{ where: "variable" as const, id, name, place: scope, ...secret }] : [];
  });
  return { findings, scanned: { ...NOTHING, variables: own.length } };
}

/** Text in quotes, which is where a key stands in code. */
const QUOTED = /(?:\b(\w+)\s*[:=]\s*)?(["'`])((?:\\.|(?!\2).)+)\2/g;

async function scanFunctions(
  make: MakeCall,
  teams: readonly Team[],
  maxCalls: number | undefined,
): Promise<Scan> {
  const functions = await make.optional("custom functions", async () => {
    const lists = [];
    for (const { id } of teams)
      lists.push(...(await make.all("GET /functions", { query: { teamId: id } })));
    const read = ({ id }: { id: number }) =>
      make.get("GET /functions/{functionId}", { path: { functionId: id } });
    return await scan(make, lists, read, { what: "functions", maxCalls });
  });
  const findings = (functions ?? []).flatMap(({ id, name, code }) =>
    [...String(code ?? "").matchAll(QUOTED)].flatMap(([, variable = "", , text = ""], index) => {
      const secret = findSecret(variable, text);
      const where = "function" as const;
      return secret
        ? [{ where, id, name: String(name), place: `text ${index + 1}`, ...secret }]
        : [];
    }),
  );
  return { findings, scanned: { ...NOTHING, functions: functions?.length ?? 0 } };
}

function together(parts: readonly Scan[]): Scan {
  const sum = (kind: keyof Scan["scanned"]) =>
    parts.reduce((total, { scanned }) => total + scanned[kind], 0);
  return {
    findings: parts.flatMap(({ findings }) => findings),
    scanned: {
      scenarios: sum("scenarios"),
      variables: sum("variables"),
      functions: sum("functions"),
    },
  };
}
