import { type Uses, usesOf } from "#shared/make-api/blueprint.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { listScenarios, readBlueprints } from "#shared/make-api/scan.ts";

export interface User extends Record<string, unknown> {
  id: number;
  name: string;
  active: boolean | null;
}

interface Where {
  organizationId?: number | undefined;
  maxCalls?: number | undefined;
}

/**
 * What the scenarios of the whole organisation use: a connection of one team may be in a scenario of
 * another. One call a scenario, kept until it is edited.
 */
export async function readUses(make: MakeCall, { organizationId, maxCalls }: Where) {
  make.from("computed");
  const scenarios = await listScenarios(make, { organizationId });
  const read = await readBlueprints(make, scenarios, maxCalls);
  return read.map(({ scenario, answer }) => ({ scenario, uses: usesOf(answer.blueprint) }));
}

type AllUses = Awaited<ReturnType<typeof readUses>>;

/** The scenarios that use one thing. */
export function usersOf(all: AllUses, kind: keyof Uses, thing: number | string): User[] {
  return all
    .filter(({ uses }) => (uses[kind] as readonly (number | string)[]).includes(thing))
    .map(({ scenario }) => ({
      id: scenario.id,
      name: scenario.name,
      active: scenario.isActive ?? null,
    }));
}
