import type { Caller } from "./access/caller.ts";
import { credentialCheck, upstreamCredentials } from "./access/upstream-credentials.ts";
import { type Limiter, limitCheck } from "./limits/check.ts";
import type { Limits } from "./limits/open.ts";
import type { Check, GuardSteps, StartSpan } from "./policy/guard.ts";
import type { MountSpec } from "./settings/spec.ts";

export interface StepsOptions {
  mounts: readonly MountSpec[];
  limits: Limits | undefined;
  limiter: Limiter;
  /** Whether the audit log takes a call; asked last. */
  auditCheck: Check | undefined;
  startSpan?: StartSpan | undefined;
}

/** What is done with each request beside passing it on, whichever entry it came by. */
export function guardSteps(options: StepsOptions): GuardSteps {
  const { mounts, limits, limiter, auditCheck, startSpan } = options;
  const isLimited = limits && (limits.principal || Object.keys(limits.tools).length > 0);
  const names = new Map(mounts.map(({ name, credentials }) => [name, credentials]));
  const namesOf = (server: string) => names.get(server) ?? [];
  return {
    checks: [
      ...(needCredentials(mounts) ? [credentialCheck(namesOf)] : []),
      ...(isLimited ? [limitCheck(limits, limiter)] : []),
      ...(auditCheck ? [auditCheck] : []),
    ],
    startSpan,
    ...(needCredentials(mounts) && {
      credentialsOf: (caller: Caller, server: string) =>
        upstreamCredentials(caller, server, namesOf(server)),
    }),
  };
}

/** Whether a server works with its callers' own credentials. */
export const needCredentials = (mounts: readonly MountSpec[]): boolean =>
  mounts.some(({ credentials }) => credentials.length > 0);
