import { endpoints, type Row } from "#shared/make-api/endpoints.ts";
import type { MakeTool } from "#shared/make-api/tool.ts";
import { daysSince } from "./period.ts";

const ADMIN = /^(admin|system)(:|$)/;
/** With it others' rights can be changed. */
const POWERFUL = new Set(["organizations:write", "user:write", "managed-organizations:write"]);

interface Token {
  label?: string | null | undefined;
  scope: readonly string[];
  created?: string | null | undefined;
}

export function reviewToken({ label, scope, created }: Token, maxAgeDays: number, now: Date) {
  const ageDays = daysSince(created, now);
  const findings = [
    ageDays !== null && ageDays > maxAgeDays && "old",
    scope.some((each) => ADMIN.test(each)) && "admin-scope",
    scope.some((each) => POWERFUL.has(each)) && "may-change-rights",
  ].filter((each) => each !== false);
  return { label: label ?? null, created: created ?? null, ageDays, scopes: [...scope], findings };
}

/** What this server's tools need: to read, and to write as well. */
export function neededScopes(tools: readonly MakeTool[]): { read: string[]; write: string[] } {
  const of = (wanted: readonly MakeTool[]) =>
    [
      ...new Set(
        wanted
          .flatMap((tool) => tool.make.calls)
          .flatMap((key): readonly string[] => endpoints[key].scopes),
      ),
    ].sort();
  const read = of(tools.filter(({ make }) => make.access === "read"));
  return { read, write: of(tools).filter((scope) => !read.includes(scope)) };
}

type Grant = Row<"GET /users/me/oauth-connections">;

/** A grant that was not used for so long is a finding, and so is one that never was. */
export function reviewGrant(grant: Grant, maxAgeDays: number, now: Date) {
  const lastUsed = grant.lastUsedAt ?? null;
  const unusedDays = daysSince(lastUsed, now);
  const isUnused = unusedDays === null || unusedDays > maxAgeDays;
  return {
    id: grant.id,
    client: grant.clientName ?? null,
    lastUsed,
    unusedDays,
    scopes: grant.scopes ?? [],
    findings: isUnused ? ["unused"] : [],
  };
}
