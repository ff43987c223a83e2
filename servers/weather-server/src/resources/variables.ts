import { defineResource } from "#shared/core/definition.ts";
import { ToolError } from "#shared/core/errors.ts";
import { blocksOf, namesIn, VARIABLE_APIS, type VariableApi } from "../variables/catalog.ts";

const isApi = (text: string | undefined): text is VariableApi =>
  VARIABLE_APIS.some((api) => api === text);

function requireApi(text: string | undefined): VariableApi {
  if (isApi(text)) return text;
  throw new ToolError("NOT_FOUND", `There are variables of ${VARIABLE_APIS.join(", ")} only.`);
}

const json = (uri: string, value: unknown) => ({
  contents: [{ uri, mimeType: "application/json", text: JSON.stringify(value) }],
});

const startingWith = (names: readonly string[], value: string) =>
  names.filter((name) => name.startsWith(value.toLowerCase()));

export const variables = defineResource({
  uriTemplate: "weather://variables/{api}",
  name: "variables",
  title: "Variables of an interface",
  description: "Names that forecast, history and the other tools take as variables, by step",
  mimeType: "application/json",
  read(uri, { api: text }) {
    const api = requireApi(text);
    return json(
      uri,
      Object.fromEntries(blocksOf(api).map((block) => [block, namesIn(api, block)])),
    );
  },
  complete: (_name, value) => startingWith(VARIABLE_APIS, value),
});

const namesOf = (api: VariableApi): string[] => [
  ...new Set(blocksOf(api).flatMap((block) => namesIn(api, block))),
];

export const variable = defineResource({
  uriTemplate: "weather://variables/{api}/{name}",
  name: "variable",
  title: "One variable",
  description: "The steps for which a variable is given",
  mimeType: "application/json",
  read(uri, { api: text, name = "" }) {
    const api = requireApi(text);
    const blocks = blocksOf(api).filter((block) => namesIn(api, block).includes(name));
    if (blocks.length === 0)
      throw new ToolError("NOT_FOUND", `${api} has no variable ${JSON.stringify(name)}.`);
    return json(uri, { name, api, blocks });
  },
  complete: (argument, value) =>
    argument === "api"
      ? startingWith(VARIABLE_APIS, value)
      : startingWith([...new Set(VARIABLE_APIS.flatMap(namesOf))], value),
});
