import type { HealthReport, HealthStatus } from "#shared/core/contract.ts";
import { healthReport } from "#shared/core/health.ts";
import { isServing, type MountStatus } from "../mounts/mount.ts";
import type { MountView } from "../policy/mount-view.ts";

/** Who the aggregate is. */
export interface Identity {
  name: string;
  version: string;
  startedAt: number;
  now(): Date;
}

/** Failing while a required server is away, degraded while another is. */
export async function aggregateHealth(
  mounts: readonly MountView[],
  { name, version, startedAt, now }: Identity,
): Promise<HealthReport> {
  const report = await healthReport(
    { name, version, startedAt, callsInFlight: 0, checks: [], secrets: [] },
    now(),
  );
  const checks = mounts.map(({ name: mount, required, status }) => ({
    name: mount,
    status: stateOf(required, status),
    ...(status.state !== "ready" && { message: status.state }),
  }));
  const worst = (["failing", "degraded"] as const).find((status) =>
    checks.some((check) => check.status === status),
  );
  return { ...report, status: worst ?? "ok", checks };
}

function stateOf(required: boolean, status: MountStatus): HealthStatus {
  if (status.state === "ready") return "ok";
  return required && !isServing(status) ? "failing" : "degraded";
}
