// Copied from shared/mcp/answers.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type {
  CallToolResult,
  InputRequired,
  Instance,
  JsonObject,
  Outcome,
  RpcError,
  ServerModule,
} from "#shared/core/contract.ts";
import { lazily } from "#shared/core/lazily.ts";
import { writeResult } from "#shared/core/result-text.ts";
import { INVALID_PARAMS, RESOURCE_NOT_FOUND } from "#shared/core/rpc-codes.ts";
import { capabilitiesOf, listCacheOf } from "./capabilities.ts";
import { type Id, LEGACY_VERSIONS, MODERN_VERSION } from "./hot.ts";

/** What the answers are made of: a running server gives it, and so does its `tools.lock.json`. */
export interface AnswerSource {
  name: string;
  title: string;
  version: string;
  instructions: string;
  capabilities: JsonObject;
  /** The tools that are shown, as JSON text. */
  listTools(): string;
  cacheScope?: "public" | "private";
}

/** Answers as JSON text, made once; `id` is all that differs between two of them. */
export interface Answers {
  initialize(id: Id, version: string): string;
  discover(id: Id): string;
  ping(id: Id): string;
  tools(id: Id, modern: boolean): string;
  /** The answer to a call; `modern` adds what 2026-07-28 wants in every result. */
  call(id: Id, outcome: Outcome<CallToolResult | InputRequired>, modern: boolean): string;
}

const frame = (result: string, id: Id) =>
  `{"result":${result},"jsonrpc":"2.0","id":${typeof id === "number" ? id : JSON.stringify(id)}}`;

/** The SDK writes the code of its own for a missing resource in neither era, and so do we. */
export function errorFrame(id: Id, { code, message, data }: RpcError): string {
  return JSON.stringify({
    jsonrpc: "2.0",
    id,
    error: {
      code: code === RESOURCE_NOT_FOUND ? INVALID_PARAMS : code,
      message,
      ...(data !== undefined && { data }),
    },
  });
}

/** What a running server answers with. */
export const sourceOf = (module: ServerModule, instance: Instance): AnswerSource => ({
  name: module.name,
  title: module.title,
  version: module.version,
  instructions: module.instructions,
  capabilities: capabilitiesOf(module, instance),
  listTools: () => JSON.stringify(instance.tools),
  ...(module.cacheScope && { cacheScope: module.cacheScope }),
});

/** The answers of a running server, made anew when its list of tools is another one. */
export function liveAnswers(module: ServerModule, instance: Instance): Answers {
  let tools: Instance["tools"] | undefined;
  let made: Answers | undefined;
  const current = () => {
    if (made && tools === instance.tools) return made;
    tools = instance.tools;
    made = prepareAnswers(sourceOf(module, instance));
    return made;
  };
  return {
    initialize: (...args) => current().initialize(...args),
    discover: (...args) => current().discover(...args),
    ping: (...args) => current().ping(...args),
    tools: (...args) => current().tools(...args),
    call: (id, outcome, modern) =>
      modern ? current().call(id, outcome, modern) : legacyCall(id, outcome),
  };
}

/** Answers that others may take the place of. */
export function replaceable(first: Answers) {
  let current = first;
  const answers: Answers = {
    initialize: (...args) => current.initialize(...args),
    discover: (...args) => current.discover(...args),
    ping: (...args) => current.ping(...args),
    tools: (...args) => current.tools(...args),
    call: (...args) => current.call(...args),
  };
  const listOf = ({ tools }: Answers) => tools(0, false);
  /** Whether the tools are others now. */
  const replace = (next: Answers): boolean => {
    const isOther = listOf(current) !== listOf(next);
    current = next;
    return isOther;
  };
  return { ...answers, replace };
}

export function prepareAnswers({
  name,
  title,
  version,
  instructions,
  capabilities,
  listTools,
  cacheScope = "public",
}: AnswerSource): Answers {
  const serverInfo = { name, title, version };
  const meta = { "io.modelcontextprotocol/serverInfo": serverInfo };
  const metaText = JSON.stringify(meta);
  const modern = (result: JsonObject) => ({
    ...result,
    resultType: "complete",
    ...listCacheOf({ cacheScope })["tools/list"],
    _meta: meta,
  });
  const legacyTools = lazily(() => `{"tools":${listTools()}}`);
  const modernTools = lazily(
    () => `{"tools":${listTools()},${JSON.stringify(modern({})).slice(1)}`,
  );
  const discover = lazily(() =>
    JSON.stringify(modern({ supportedVersions: [MODERN_VERSION], capabilities, instructions })),
  );

  return {
    initialize: (id, wanted) => {
      const protocolVersion =
        LEGACY_VERSIONS.find((known) => known === wanted) ?? LEGACY_VERSIONS[0];
      return frame(JSON.stringify({ protocolVersion, capabilities, serverInfo, instructions }), id);
    },
    discover: (id) => frame(discover(), id),
    ping: (id) => frame("{}", id),
    tools: (id, isModern) => frame(isModern ? modernTools() : legacyTools(), id),
    call: (id, outcome, isModern) => {
      if (!isModern) return legacyCall(id, outcome);
      if (outcome.error) return errorFrame(id, outcome.error);
      return frame(stamped(outcome.result, meta, metaText), id);
    },
  };
}

/** Nothing of it depends on the server. */
function legacyCall(id: Id, { result, error }: Outcome<CallToolResult | InputRequired>): string {
  return error ? errorFrame(id, error) : frame(writeResult(result), id);
}

/** What is the same in every result is not written anew for the ordinary ones, which say nothing of it. */
function stamped(
  result: CallToolResult | InputRequired,
  meta: JsonObject,
  metaText: string,
): string {
  if (!("content" in result) || "resultType" in result || "_meta" in result)
    return JSON.stringify(stamp(result, meta));
  return `{"resultType":"complete",${writeResult(result).slice(1, -1)},"_meta":${metaText}}`;
}

function stamp(result: CallToolResult | InputRequired, meta: JsonObject): JsonObject {
  const own = "_meta" in result ? result._meta : undefined;
  return { resultType: "complete", ...result, _meta: own ? { ...own, ...meta } : meta };
}
