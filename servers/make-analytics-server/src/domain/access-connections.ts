import { usesOf } from "#shared/make-api/blueprint.ts";
import type { Answer } from "#shared/make-api/endpoints.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";
import type { TeamRole } from "./access-users.ts";
import { MS_A_DAY } from "./period.ts";

export type Connection = Answer<"GET /connections/{connectionId}">;

/** Scopes that reach more than one thing: whole drives and mailboxes, administration, everything. */
const WIDE =
  /(\/auth\/(drive|gmail\.modify|calendar|admin\.[\w.]+|cloud-platform)$|mail\.google\.com|\.readwrite\.all$|full[ _-]?access|(^|[:._-])admin([:._-]|$)|\*$|^(repo|full)$)/i;

export const widestOf = (scopes: readonly unknown[] | null | undefined): string[] =>
  (scopes ?? []).flatMap((scope) => {
    const words = isObject(scope) ? [scope.id, scope.name] : [scope];
    const texts = words.filter((word) => typeof word === "string");
    return texts.some((text) => WIDE.test(text)) ? texts.slice(0, 1) : [];
  });

interface Known {
  connections: readonly Connection[];
  scenarios: readonly WithBlueprint[];
  /** Users of the organisation. */
  userIds: ReadonlySet<number> | undefined;
  teamRoles: readonly TeamRole[] | undefined;
  /** Connections used by agents and model settings, by id. */
  otherUses: ReadonlyMap<number, string[]>;
}

export function reviewConnections(
  { connections, scenarios, userIds, teamRoles, otherUses }: Known,
  { expiringDays, now }: { expiringDays: number; now: Date },
) {
  return connections.map((each) => {
    const users = scenarios.filter(({ answer }) =>
      usesOf(answer.blueprint).connections.includes(each.id),
    );
    const others = otherUses.get(each.id) ?? [];
    const foreign = users.filter(({ scenario }) => scenario.teamId !== each.teamId);
    const daysLeft =
      each.expire == null ? null : Math.floor((Date.parse(each.expire) - now.getTime()) / MS_A_DAY);
    const wide = widestOf(each.scopes);
    const author = each.authorId ?? null;
    const isMember = teamRoles?.some(
      ({ userId, teamId }) => userId === author && teamId === each.teamId,
    );
    const isGone = author !== null && userIds !== undefined && !userIds.has(author);
    const findings = [
      daysLeft !== null && daysLeft < 0 && "expired",
      daysLeft !== null && daysLeft >= 0 && daysLeft <= expiringDays && "expiring",
      wide.length > 0 && "wide-scopes",
      isGone && "owner-gone",
      !isGone && author !== null && isMember === false && "owner-not-in-team",
      users.length === 0 && others.length === 0 && "unused",
      foreign.length > 0 && "used-by-other-team",
    ].filter((finding) => finding !== false);
    return {
      id: each.id,
      name: each.name,
      app: each.accountName ?? null,
      teamId: each.teamId ?? null,
      authorId: author,
      expire: each.expire ?? null,
      daysLeft,
      wideScopes: wide,
      usedBy: [...users.map(({ scenario }) => `scenario ${scenario.id}`), ...others],
      findings,
    };
  });
}
