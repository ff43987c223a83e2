import type { Row } from "#shared/make-api/endpoints.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";

type Hook = Row<"GET /hooks">;

/** Hooks that anyone may call, with what speaks against each; hooks without findings are left out. */
export function exposureOf(hooks: readonly Hook[], scenarios: readonly WithBlueprint[]) {
  return hooks.flatMap((hook) => {
    const user = scenarios.find(({ scenario }) => scenario.id === hook.scenarioId);
    const findings = [
      hook.scenarioId == null && "no-scenario",
      hook.scenarioId == null && hook.enabled === true && "takes-data-for-nothing",
      hook.enabled === true && user !== undefined && !checksFirst(user) && "nothing-checked",
    ].filter((each) => each !== false);
    if (findings.length === 0) return [];
    const { id, name, teamId, type, enabled, scenarioId } = hook;
    return [
      {
        id,
        name,
        teamId: teamId ?? null,
        type: type ?? null,
        enabled: enabled ?? null,
        scenarioId: scenarioId ?? null,
        findings,
      },
    ];
  });
}

/** Whether what comes after the hook stands behind a filter: on the next module, or on all routes. */
function checksFirst({ answer }: WithBlueprint): boolean {
  const [, next]: unknown[] = answer.blueprint.flow;
  if (!isObject(next)) return true;
  if (isObject(next.filter)) return true;
  if (!Array.isArray(next.routes) || next.routes.length === 0) return false;
  return next.routes.every((route) => {
    const first: unknown = isObject(route) && Array.isArray(route.flow) ? route.flow[0] : undefined;
    return isObject(first) && isObject(first.filter);
  });
}
