import { type Denial, STUB_TOKEN } from "./denial.ts";
import type { StubOptions, StubRequest } from "./stub.ts";

/** Deletions that Make wants told twice. */
const CONFIRMED =
  /^\/(connections|keys|hooks|functions|data-stores|data-structures|devices)\/\d+$|^\/dlqs$|\/variables\/[^/]+$/;

/** Path to scope, first match; `:read` or `:write` is added by the method. */
const SCOPES: readonly [RegExp, string][] = [
  [/^\/users\/me(\/current-authorization)?$|^\/imt\/|^\/rpcs\/|^\/ai-agents\//, ""],
  [/^\/scenarios\/\d+\/run$|\/executions\/[^/]+\/stop$/, "scenarios:run"],
  [/^\/scenarios-shared/, "scenarios-shared"],
  [/^\/scenarios/, "scenarios"],
  [/^\/organizations\/\d+\/variables/, "organization-variables"],
  [/^\/organizations\/\d+\/managed-organizations/, "managed-organizations"],
  [/^\/teams\/\d+\/variables/, "team-variables"],
  [/^\/(organizations|cashier|audit-logs)/, "organizations"],
  [/^\/teams/, "teams"],
  [/^\/users/, "user"],
  [/^\/data-stores/, "datastores"],
  [/^\/data-structures/, "udts"],
  [/^\/sdk\//, "sdk-apps"],
  [/^\/credential-requests\/apps/, "apps:read"],
  [/^\/([a-z-]+)/, ""],
];

/** What Make refuses before it looks at what is asked: token, scope, plan, role, confirmation. */
export function gate(
  request: StubRequest,
  authorization: string | undefined,
  options: StubOptions,
): Denial | undefined {
  if (authorization !== `Token ${STUB_TOKEN}`)
    return { status: 401, message: "Access denied.", code: "IM015" };
  return (
    scopeWall(request, options) ??
    planWall(request, options) ??
    roleWall(request, options) ??
    confirmationWall(request)
  );
}

function scopeWall({ method, path }: StubRequest, { scopes }: StubOptions): Denial | undefined {
  if (!scopes) return undefined;
  const found = SCOPES.find(([pattern]) => pattern.test(path));
  const group = found?.[1] || (found === SCOPES.at(-1) ? path.split("/")[1] : undefined);
  if (!group) return undefined;
  const needed = group.includes(":") ? group : `${group}:${method === "GET" ? "read" : "write"}`;
  if (scopes.includes(needed)) return undefined;
  return {
    status: 403,
    code: "SC403",
    message: "Permission denied",
    detail: `Invalid scope: ${needed} is needed`,
  };
}

function planWall({ path }: StubRequest, { plan = "Teams" }: StubOptions): Denial | undefined {
  const enterprise = /^\/(functions|custom-property-structures|private-spaces|agents)\b/.test(path);
  const teams = /^\/audit-logs\b/.test(path);
  const partners = /^\/organizations\/\d+\/managed-organizations/.test(path);
  if (((enterprise || partners) && plan !== "Enterprise") || (teams && plan === "Core"))
    return { status: 402, code: "SC402", message: "Your plan does not include this feature." };
  return undefined;
}

function roleWall(
  { method, path }: StubRequest,
  { plan = "Teams", role = "owner" }: StubOptions,
): Denial | undefined {
  const owners = /^\/analytics\b/.test(path) || /tfa-enforcement$/.test(path);
  const admins = /^\/audit-logs\b/.test(path) || (method !== "GET" && /^\/users\/\d+\//.test(path));
  const denied = (/^\/analytics\b/.test(path) && plan !== "Enterprise") || role === "member";
  if ((owners || admins) && denied)
    return { status: 403, code: "IM002", message: "Insufficient rights." };
  return undefined;
}

function confirmationWall({ method, path, query }: StubRequest): Denial | undefined {
  if (method !== "DELETE" || !CONFIRMED.test(path) || query.get("confirmed") === "true")
    return undefined;
  return {
    status: 406,
    code: "IM004",
    message: "Can't be deleted because it is still in use. Confirm with confirmed=true.",
  };
}
