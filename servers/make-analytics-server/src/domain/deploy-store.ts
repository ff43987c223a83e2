import { join } from "node:path";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { hashPlan, type Step } from "./deploy-plan.ts";
import { openStore } from "./store.ts";

const object = z.looseObject({});

const stepShape = z.object({
  action: z.enum(["create", "change", "unchanged"]),
  name: z.string(),
  scenarioId: z.int().nullable(),
  lastEdit: z.string().nullable(),
  folder: z.string().nullable(),
  active: z.boolean(),
  blueprint: object,
  scheduling: z.unknown(),
  metadata: z.unknown(),
});
const planShape = z.object({ teamId: z.int(), steps: z.array(stepShape) });

const snapshotShape = z.object({
  planId: z.string(),
  teamId: z.int(),
  at: z.string(),
  /** As they were before. */
  changed: z.array(
    z.object({
      scenarioId: z.int(),
      name: z.string(),
      folderId: z.int().nullable(),
      blueprint: object,
      scheduling: z.unknown(),
      metadata: z.unknown(),
    }),
  ),
  /** Scenarios that the deploy made. */
  created: z.array(z.int()),
});
export type Snapshot = z.output<typeof snapshotShape>;

/** Both are parts of file names. */
export const planId = z
  .string()
  .length(64)
  .regex(/^[0-9a-f]+$/)
  .describe("From cicd_plan");
export const deployId = z
  .string()
  .regex(/^[0-9TZ-]{1,40}[0-9a-f]{12}$/)
  .max(60)
  .describe("From cicd_deploy");

const planStore = (make: MakeCall, id: string) =>
  openStore(make, join("plans", `${id}.json`), planShape.nullable(), null);
const snapshotStore = (make: MakeCall, id: string) =>
  openStore(make, join("deploys", `${id}.json`), snapshotShape.nullable(), null);

/** Keeps a plan under its hash. Errors: CONFIG_ERROR without MAKE_STATE_DIR. */
export async function savePlan(make: MakeCall, teamId: number, steps: Step[]): Promise<string> {
  const id = hashPlan(teamId, steps);
  await planStore(make, id).update(() => ({ value: { teamId, steps }, result: undefined }));
  return id;
}

/** Errors: NOT_FOUND; CONFLICT when the file is not what was planned. */
export async function readPlan(make: MakeCall, id: string) {
  make.context.require("MAKE_STATE_DIR");
  const plan = await planStore(make, id).read();
  if (!plan) throw new ToolError("NOT_FOUND", "There is no such plan here: call cicd_plan.");
  if (hashPlan(plan.teamId, plan.steps) !== id)
    throw new ToolError("CONFLICT", "The plan's file was changed: call cicd_plan again.");
  return plan;
}

export async function saveSnapshot(make: MakeCall, id: string, snapshot: Snapshot): Promise<void> {
  await snapshotStore(make, id).update(() => ({ value: snapshot, result: undefined }));
}

/** Errors: NOT_FOUND. */
export async function readSnapshot(make: MakeCall, id: string): Promise<Snapshot> {
  make.context.require("MAKE_STATE_DIR");
  const snapshot = await snapshotStore(make, id).read();
  if (snapshot) return snapshot;
  throw new ToolError("NOT_FOUND", `There is no deploy ${id} in this MAKE_STATE_DIR.`);
}
