import type { JsonObject, Log } from "#shared/core/contract.ts";
import { MAX_TOOLS } from "../mounts/catalogue.ts";
import type { Lists } from "../mounts/lists.ts";
import { MountError } from "../mounts/mount-error.ts";
import { cut, isBounded, listCounter, MAX_DESCRIPTION, MAX_TITLE } from "./bounds.ts";
import type { ServerFacts } from "./facts.ts";
import type { Session } from "./session.ts";
import { isObject, textOf } from "./wire.ts";

/** Pages of one list that are read. */
const MAX_PAGES = 100;
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const METHOD_NOT_FOUND = -32601;

/** Asks for all lists that the server says it has. */
export async function readLists(
  session: Session,
  { capabilities }: ServerFacts,
  log: Log,
  signal: AbortSignal,
): Promise<Lists> {
  const read = async (has: string, method: string, key: string) => {
    if (!(has in capabilities)) return [];
    const all = await readAll(session, method, key, signal);
    return all.filter((one) => isBounded(one, log));
  };
  const [tools, resources, templates, prompts] = await Promise.all([
    read("tools", "tools/list", "tools"),
    read("resources", "resources/list", "resources"),
    read("resources", "resources/templates/list", "resourceTemplates"),
    read("prompts", "prompts/list", "prompts"),
  ]);
  return {
    tools: tools.filter((tool) => isTool(tool, log)).map(withTexts),
    resources: resources.filter(({ uri, name }) => textOf(uri) && textOf(name)).map(withTexts),
    resourceTemplates: templates
      .filter(({ uriTemplate, name }) => textOf(uriTemplate) && textOf(name))
      .map(withTexts),
    prompts: prompts.filter(({ name }) => NAME.test(textOf(name) ?? "")).map(withTexts),
  } as unknown as Lists;
}

async function readAll(
  session: Session,
  method: string,
  key: string,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  const count = listCounter(method);
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const { result, error } = await session.request(method, params, { signal });
    // servers say that they have resources and have no templates
    if (error?.code === METHOD_NOT_FOUND) return all;
    if (error) throw new MountError(`${method} failed: ${error.message}`);
    const entries = Array.isArray(result[key]) ? result[key] : [];
    count(entries);
    for (const entry of entries) if (isObject(entry)) all.push(entry);
    cursor = textOf(result.nextCursor);
    if (cursor === undefined) return all;
    if (all.length > MAX_TOOLS) break;
  }
  throw new MountError(`${method} does not end: more than ${all.length} entries`);
}

/** One tool that cannot be shown is left out; the others are of use all the same. */
function isTool(tool: JsonObject, log: Log): boolean {
  const isRight =
    NAME.test(textOf(tool.name) ?? "") &&
    isObject(tool.inputSchema) &&
    tool.inputSchema.type === "object";
  if (!isRight)
    log.warn("A tool is left out, because its name or schema is wrong", { tool: tool.name });
  return isRight;
}

/** Texts that ours always have, so that nobody has to ask whether they are there. */
const withTexts = (one: JsonObject): JsonObject => ({
  ...one,
  title: cut(textOf(one.title) ?? titleOf(one), MAX_TITLE),
  description: cut(textOf(one.description) ?? "", MAX_DESCRIPTION),
});

const titleOf = ({ annotations, name }: JsonObject): string =>
  (isObject(annotations) ? textOf(annotations.title) : undefined) ?? textOf(name) ?? "";
