import type { DeploymentConfig, Replicas, Resources } from "./config-schema.ts";
import type { TargetName } from "./target-names.ts";

/** 365 days of 24 hours, by 12. */
const HOURS_A_MONTH = 730;
const MIB_IN_GIB = 1_024;

export interface Cost {
  min: number;
  max: number;
}

/**
 * What the host asks a month for the copies alone, from the least to the most of them; nothing when
 * the host's rate is not known.
 */
export function costOf(
  { rates }: DeploymentConfig,
  target: TargetName,
  { cpu, memoryMiB }: Resources,
  { min, max }: Replicas,
): Cost | undefined {
  const rate = rates[target];
  if (!rate) return undefined;
  const hour = cpu * rate.cpuHour + (memoryMiB / MIB_IN_GIB) * rate.memoryGiBHour;
  return { min: hour * HOURS_A_MONTH * min, max: hour * HOURS_A_MONTH * max };
}

export const sum = (costs: readonly (Cost | undefined)[]): Cost | undefined =>
  costs.reduce<Cost | undefined>(
    (all, one) => all && one && { min: all.min + one.min, max: all.max + one.max },
    { min: 0, max: 0 },
  );
