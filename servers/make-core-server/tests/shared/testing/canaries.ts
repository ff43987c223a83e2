// Copied from shared/testing/canaries.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type ConfigDefinition, standardVariables, type Variable } from "#shared/core/config.ts";

/** What no output may hold. */
export const CANARY = "CANARY";

export interface Canary {
  name: string;
  value: string;
}

/** Values of the forms that secrets have, most common first. */
const FORMS = [
  (word: string) => word,
  (word: string) => `https://user:${word}@secret.example/path`,
  (word: string) => `postgres://user:${word}@127.0.0.1:1/db`,
  (word: string) => `redis://:${word}@127.0.0.1:1`,
];

/** A value for every secret of the configuration. Throws when a secret must have a form of its own. */
export function canariesFor(
  config: ConfigDefinition,
  given: Readonly<Record<string, string>>,
): Canary[] {
  return secretsOf(config).map(([name, { schema }]) => {
    const word = `${CANARY}_${name}_0123456789abcdef0123456789abcdef`;
    const forms = [given[name], ...FORMS.map((form) => form(word))];
    const value = forms.find((each) => each !== undefined && schema.safeParse(each).success);
    if (value?.includes(CANARY)) return { name, value };
    throw new TypeError(
      `${name} takes no ordinary text: describeContract needs \`secretValues.${name}\`, a valid value with the word ${CANARY} in it.`,
    );
  });
}

/** The secrets that refuse a short word: what the server says of it must not show it. */
export function refusedCanaries(config: ConfigDefinition): Canary[] {
  return secretsOf(config)
    .map(([name]) => ({ name, value: `${CANARY}!` }))
    .filter(({ name, value }) => !variablesOf(config)[name]?.schema.safeParse(value).success);
}

const variablesOf = (config: ConfigDefinition): Record<string, Variable> => ({
  ...standardVariables,
  ...config.variables,
});

const secretsOf = (config: ConfigDefinition): [string, Variable][] =>
  Object.entries(variablesOf(config)).filter(([, { secret }]) => secret);
