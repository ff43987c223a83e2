import { createHash } from "node:crypto";
import { diffBlueprints, maskDiff } from "#shared/make-api/blueprint-diff.ts";
import { isSame, sortKeys } from "#shared/make-api/normal-form.ts";
import { fromPortable, type Names } from "#shared/make-api/portable.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { type Bundle, type BundledScenario, maskedPlaces } from "./bundle.ts";

/** What there is where a bundle shall go. */
export interface Target {
  scenarios: readonly WithBlueprint[];
  /** Ids by reference: "connection:Slack" is 6004. */
  ids: ReadonlyMap<string, number>;
  /** Names of folders by id. */
  folders: ReadonlyMap<number, string>;
}

/** One scenario of a plan, with all that deploying it needs. */
export interface Step extends Record<string, unknown> {
  action: "create" | "change" | "unchanged";
  name: string;
  /** Of the target; null: it will be created. */
  scenarioId: number | null;
  /** Of the target when it was planned: edited since, the plan is void. */
  lastEdit: string | null;
  folder: string | null;
  active: boolean;
  blueprint: Record<string, unknown>;
  scheduling: unknown;
  metadata: unknown;
}

export interface PlannedStep {
  step: Step;
  /** What is different from what is there; null for what is not there. */
  changes: Record<string, unknown> | null;
  /** Why it cannot be deployed. */
  blocked: string[];
}

/** Ids by reference, names that are there once by name alone, others as "name#id"; `map` comes first. */
export function idsByReference(
  names: Names,
  map: ReadonlyMap<string, number>,
): Map<string, number> {
  const all = [...names].map(([key, name]) => {
    const [kind = "", id = ""] = key.split(" ");
    return { reference: `${kind}:${name}`, id: Number(id) };
  });
  const counts = new Map<string, number>();
  for (const { reference } of all) counts.set(reference, (counts.get(reference) ?? 0) + 1);
  const own = all.map(
    ({ reference, id }) =>
      [counts.get(reference) === 1 ? reference : `${reference}#${id}`, id] as const,
  );
  return new Map([...own, ...map]);
}

/** What each scenario of a bundle would do to the target, and the references that lead nowhere. */
export function planBundle(bundle: Bundle, target: Target) {
  const missing = new Set<string>();
  const steps = bundle.scenarios.map((scenario) => {
    const { value, missing: lost } = fromPortable(scenario.blueprint, target.ids);
    for (const each of lost) missing.add(each);
    const blocked = lost.map((each) => `nothing stands for ${each}`);
    return planScenario(scenario, { ...(value as object), name: scenario.name }, target, blocked);
  });
  return { steps, missing: [...missing].sort() };
}

function planScenario(
  scenario: BundledScenario,
  blueprint: Record<string, unknown>,
  { scenarios, folders }: Target,
  blocked: string[],
): PlannedStep {
  const [live, ...others] = scenarios.filter((each) => each.scenario.name === scenario.name);
  if (others.length > 0) blocked.push("the target has several scenarios of this name");
  const { name, folder, active, scheduling, metadata } = scenario;
  const content = { name, folder, active, blueprint, scheduling, metadata };
  const masked = maskedPlaces(blueprint);
  const wouldMask = () => masked.map((place) => `a masked secret at ${place}`);
  if (!live) {
    const step: Step = { action: "create", scenarioId: null, lastEdit: null, ...content };
    return { step, changes: null, blocked: [...blocked, ...wouldMask()] };
  }
  const changes = changesOf(live, content, masked.length > 0, folders);
  const action = Object.keys(changes).length > 0 ? "change" : "unchanged";
  if (action === "change") blocked.push(...wouldMask());
  const { id: scenarioId, lastEdit } = live.scenario;
  const step: Step = { action, scenarioId, lastEdit: lastEdit ?? null, ...content };
  return { step, changes, blocked };
}

type Content = Pick<Step, "blueprint" | "scheduling" | "metadata" | "folder" | "name">;

/** Where the bundle's secrets are masked, those of the target are compared masked. */
function changesOf(
  { scenario, answer }: WithBlueprint,
  wanted: Content,
  isMasked: boolean,
  folders: Target["folders"],
) {
  const named = { ...answer.blueprint, name: scenario.name };
  const diff = diffBlueprints(isMasked ? maskSecrets(named) : named, wanted.blueprint);
  const from = {
    folder: folders.get(scenario.folderId ?? 0) ?? null,
    scheduling: answer.scheduling ?? null,
    metadata: answer.metadata ?? null,
  };
  const fields = Object.entries(from).filter(
    ([key, value]) => !isSame(value, wanted[key as keyof typeof from]),
  );
  return {
    ...(!diff.same && { blueprint: maskDiff(diff) }),
    ...Object.fromEntries(
      fields.map(([key, value]) => [key, { from: value, to: wanted[key as keyof typeof from] }]),
    ),
  };
}

/** A plan goes by its content: what was not looked at cannot be deployed. */
export const hashPlan = (teamId: number, steps: readonly Step[]): string =>
  createHash("sha256")
    .update(JSON.stringify(sortKeys([teamId, steps])))
    .digest("hex");
