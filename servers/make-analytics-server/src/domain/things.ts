import type { MakeCall } from "#shared/make-api/call.ts";
import { listScenarios, listTeams } from "#shared/make-api/scan.ts";

/** What has a name that can be changed. */
export const KINDS = ["scenario", "folder", "connection", "hook", "key", "team"] as const;
export type Kind = (typeof KINDS)[number];

export interface Thing {
  kind: Kind;
  id: number;
  name: string;
  teamId: number | null;
  /** The folder a scenario is in. */
  folderId: number | null;
}

const LISTS = {
  folder: "GET /scenarios-folders",
  connection: "GET /connections",
  hook: "GET /hooks",
  key: "GET /keys",
} as const;

interface Where {
  organizationId?: number | undefined;
  teamId?: number | undefined;
}

/** Things of the kinds that are asked for; a kind that Make refuses is told to be missing. */
export async function listThings(
  make: MakeCall,
  kinds: readonly Kind[],
  where: Where,
): Promise<Thing[]> {
  const teams = kinds.every((kind) => kind === "scenario") ? [] : await listTeams(make, where);
  const found: Thing[] = [];
  for (const kind of kinds)
    found.push(
      ...((await make.optional(`${kind}s`, () => listKind(make, kind, where, teams))) ?? []),
    );
  return found;
}

async function listKind(
  make: MakeCall,
  kind: Kind,
  where: Where,
  teams: readonly { id: number; name: string }[],
): Promise<Thing[]> {
  if (kind === "team")
    return teams.map(({ id, name }) => ({ kind, id, name, teamId: id, folderId: null }));
  if (kind === "scenario") {
    const rows = await listScenarios(make, where);
    return rows.map(({ id, name, teamId, folderId }) => ({
      kind,
      id,
      name,
      teamId: teamId ?? where.teamId ?? null,
      folderId: folderId ?? null,
    }));
  }
  const found: Thing[] = [];
  for (const { id: teamId } of teams) {
    const rows = await make.all(LISTS[kind], { query: { teamId } });
    found.push(...rows.map(({ id, name }) => ({ kind, id, name, teamId, folderId: null })));
  }
  return found;
}
