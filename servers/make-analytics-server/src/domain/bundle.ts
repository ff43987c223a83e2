import * as z from "zod";
import { textsIn } from "#shared/make-api/blueprint.ts";
import { anyObject } from "#shared/make-api/fields.ts";
import { sortKeys } from "#shared/make-api/normal-form.ts";
import { type Names, REFERENCE_KINDS, toPortable } from "#shared/make-api/portable.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";
import { maskSecrets, secretsInBlueprint } from "#shared/make-api/secrets.ts";

export const BUNDLE_VERSION = 1;
export const MAX_SCENARIOS = 200;
const MAX_REFERENCES = 1_000;
const MAX_NAME = 120;

const name = (describe: string) => z.string().min(1).max(MAX_NAME).describe(describe);

/** A scenario without ids: what it refers to stands there by name. */
const bundledScenario = z.object({
  name: name("Of the scenario"),
  folder: name("Folder it is in").nullable().describe("Folder it is in; null: none"),
  active: z.boolean().describe("Whether it was on"),
  scheduling: anyObject("When it runs").nullable().describe("When it runs"),
  metadata: anyObject("Its inputs and outputs").nullable().describe("Its inputs and outputs"),
  blueprint: anyObject("With references by name"),
});
export type BundledScenario = z.output<typeof bundledScenario>;

export const bundleInput = z
  .object({
    version: z.literal(BUNDLE_VERSION).describe("Of this format"),
    references: z
      .array(
        z
          .string()
          .min(1)
          .max(MAX_NAME * 2),
      )
      .max(MAX_REFERENCES)
      .describe("What the target must have"),
    scenarios: z.array(bundledScenario).min(1).max(MAX_SCENARIOS).describe("Scenarios"),
  })
  .describe("From cicd_export");
export type Bundle = z.output<typeof bundleInput>;

export const KINDS: ReadonlySet<string> = new Set(Object.values(REFERENCE_KINDS));

interface Source {
  scenarios: readonly WithBlueprint[];
  names: Names;
  /** Names of folders by id. */
  folders: ReadonlyMap<number, string>;
  revealed: boolean;
}

/** The bundle of some scenarios, and how many secrets were masked in it. */
export function bundleOf({ scenarios, names, folders, revealed }: Source) {
  const references = new Set<string>();
  const bundled = scenarios.map(({ scenario, answer }) => {
    const portable = toPortable(sortKeys(answer.blueprint), names);
    for (const each of portable.references) references.add(each);
    return {
      name: scenario.name,
      folder: folders.get(scenario.folderId ?? 0) ?? null,
      active: scenario.isActive === true,
      scheduling: objectOf(answer.scheduling),
      metadata: objectOf(answer.metadata),
      blueprint: objectOf(revealed ? portable.value : maskSecrets(portable.value)) ?? {},
    };
  });
  const secrets = scenarios.map(({ answer }) => secretsInBlueprint(answer.blueprint).length);
  const bundle: Bundle = {
    version: BUNDLE_VERSION,
    references: [...references].sort(),
    scenarios: bundled,
  };
  return { bundle, secretsMasked: revealed ? 0 : secrets.reduce((sum, each) => sum + each, 0) };
}

const objectOf = (value: unknown) =>
  typeof value === "object" && value !== null ? { ...value } : null;

/** What maskSecrets leaves of a secret: writing it to Make would break the scenario. */
const MASKED = /\*{4}$/;

/** Places of values that were masked on the way out. */
export const maskedPlaces = (blueprint: unknown): string[] =>
  textsIn(blueprint)
    .filter(({ text }) => MASKED.test(text))
    .map(({ place }) => place);
