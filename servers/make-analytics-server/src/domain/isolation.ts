import { usesOf } from "#shared/make-api/blueprint.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";
import type { Connection } from "./access-connections.ts";
import type { TeamRole } from "./access-users.ts";
import { calledHosts, domainOf } from "./called-hosts.ts";

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

export function usersInSeveralTeams(
  roles: readonly TeamRole[],
  names: ReadonlyMap<number, string | null>,
) {
  return distinct(roles.map(({ userId }) => userId))
    .map((userId) => ({
      userId,
      name: names.get(userId) ?? null,
      teamIds: distinct(roles.filter((role) => role.userId === userId).map(({ teamId }) => teamId)),
    }))
    .filter(({ teamIds }) => teamIds.length > 1);
}

/** Connections of one team that scenarios of another run with. */
export function borrowedConnections(
  connections: readonly Connection[],
  scenarios: readonly WithBlueprint[],
) {
  return connections.flatMap(({ id, name, teamId }) => {
    const users = scenarios.filter(
      ({ scenario, answer }) =>
        scenario.teamId !== teamId && usesOf(answer.blueprint).connections.includes(id),
    );
    return users.length === 0
      ? []
      : [
          {
            id,
            name,
            teamId: teamId ?? null,
            usedBy: users.map(({ scenario }) => ({
              scenarioId: scenario.id,
              name: scenario.name,
              teamId: scenario.teamId ?? null,
            })),
          },
        ];
  });
}

/** The same account of a third party in several teams, where Make names the account (its uid, or the value it shows). */
export function sharedAccounts(connections: readonly Connection[]) {
  const accounts = new Map<string, Connection[]>();
  for (const each of connections) {
    const account = accountOf(each);
    if (account === undefined) continue;
    const key = JSON.stringify([each.accountName ?? "", account]);
    accounts.set(key, [...(accounts.get(key) ?? []), each]);
  }
  return [...accounts].flatMap(([key, all]) => {
    const teamIds = distinct(all.map(({ teamId }) => teamId ?? null));
    const [app, account] = JSON.parse(key) as [string, string];
    return teamIds.length < 2
      ? []
      : [{ app, account, teamIds, connectionIds: all.map(({ id }) => id) }];
  });
}

function accountOf({ uid, metadata }: Connection): string | undefined {
  if (typeof uid === "string" && uid !== "") return uid;
  const value = isObject(metadata) ? metadata.value : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function sharedDomains(scenarios: readonly WithBlueprint[]) {
  const hosts = calledHosts(scenarios);
  return distinct(hosts.map(({ host }) => domainOf(host))).flatMap((domain) => {
    const own = hosts.filter(({ host }) => domainOf(host) === domain);
    const teamIds = distinct(own.flatMap((each) => each.teamIds)).sort((a, b) => a - b);
    return teamIds.length < 2
      ? []
      : [
          {
            domain,
            teamIds,
            hosts: own.map(({ host, scenarioIds }) => ({ host, scenarioIds })),
          },
        ];
  });
}
