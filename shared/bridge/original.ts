import { RichResult } from "#shared/core/content.ts";
import type { Context } from "#shared/core/context.ts";
import type { ContentBlock, JsonObject } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { INVALID_PARAMS } from "#shared/core/rpc-codes.ts";
import { listening, StdioServerTransport } from "./stdio.ts";
import { objectOf, openWire, RpcFailure, type Wire } from "./wire.ts";

/** What a call of an imported tool needs of its context. */
export type CallContext = Pick<Context, "signal" | "progress" | "log">;

/** A server on another SDK that runs in this process. */
export interface Original {
  /** Answers any request of the protocol, such as `tools/list`. */
  request(method: string, params?: JsonObject): Promise<JsonObject>;
  /** What it answered to initialize: its capabilities, its instructions. */
  opened(): Promise<JsonObject>;
  /** Calls one of its tools. Throws a ToolError with what the tool said when it failed. */
  call(tool: string, input: unknown, context: CallContext): Promise<RichResult<never>>;
}

/** Milliseconds after the import in which a server that starts itself begins to listen. */
export const SELF_START_MS = 500;
/** Milliseconds that it has, when nothing it exports could be started instead. */
export const START_MS = 10_000;

/**
 * Wraps a server that is imported on first use: a module that starts itself over stdio, its import of
 * the SDK's stdio module pointing to `bridge/stdio.ts`, or one that exports a server or what makes it.
 * A start that failed, and a server that has closed, are tried again by the next call.
 */
export function wrapOriginal(load: () => Promise<object>): Original {
  let opening: Promise<Opened> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const open = () => {
    if (opening === undefined) {
      opening = openOriginal(load);
      opening.then(({ wire }) => wire.closed.then(forget), forget);
    }
    return opening;
  };
  return {
    request: async (method, params = {}) => (await open()).wire.request(method, params),
    opened: async () => (await open()).answer,
    async call(tool, input, context) {
      const { wire } = await open();
      try {
        const result = await wire.request(
          "tools/call",
          { name: tool, arguments: input },
          {
            signal: context.signal,
            onNotification: (method, params) => handOn(method, params, context),
          },
        );
        return asResult(result, tool);
      } catch (error) {
        throw error instanceof RpcFailure ? asToolError(error) : error;
      }
    },
  };
}

interface Opened {
  wire: Wire;
  /** To initialize. */
  answer: JsonObject;
}

async function openOriginal(load: () => Promise<object>): Promise<Opened> {
  const module = await load();
  const server = await exportedServer(module);
  const transport = server
    ? ((await within(SELF_START_MS)) ?? (await connect(server)))
    : await within(START_MS);
  if (!transport)
    throw new ToolError(
      "UNAVAILABLE",
      "The imported server does not listen: it neither connects to stdio nor exports a server.",
    );
  const wire = openWire(transport);
  const answer = await wire.request("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "bridge", version: "1.0.0" },
  });
  wire.notify("notifications/initialized", {});
  return { wire, answer };
}

function within(ms: number): Promise<StdioServerTransport | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([listening, late]).finally(() => clearTimeout(timer));
}

interface Connectable {
  connect(transport: StdioServerTransport): Promise<void>;
}

const isConnectable = (value: unknown): value is Connectable =>
  typeof value === "object" &&
  value !== null &&
  "connect" in value &&
  typeof value.connect === "function";

/** A server among the exports, or one that an exported function named after it makes. */
async function exportedServer(module: object): Promise<Connectable | undefined> {
  const exported = Object.entries(module);
  const ready = exported.map(([, value]) => value).find(isConnectable);
  if (ready) return ready;
  const [, make] =
    exported.find(
      ([name, value]) =>
        typeof value === "function" && /^(create|make|build|get)\w*server$/i.test(name),
    ) ?? [];
  const made: unknown = typeof make === "function" ? await make() : undefined;
  const { server } = objectOf(made);
  return [made, server].find(isConnectable);
}

async function connect(server: Connectable): Promise<StdioServerTransport> {
  const transport = new StdioServerTransport();
  await server.connect(transport);
  return transport;
}

function handOn(method: string, params: JsonObject, { progress, log }: CallContext): void {
  if (method === "notifications/progress") {
    const { progress: done, total, message } = params;
    progress(
      Number(done),
      typeof total === "number" ? total : undefined,
      typeof message === "string" ? message : undefined,
    );
  } else if (method === "notifications/message") log.info("the imported server logs", params);
}

function asResult(result: JsonObject, tool: string): RichResult<never> {
  const content = Array.isArray(result.content) ? (result.content as ContentBlock[]) : [];
  if (result.isError === true)
    throw new ToolError("API_ERROR", textOf(content) || `${tool} failed.`);
  const structured = result.structuredContent;
  // the structured result goes out as text by itself
  const rest =
    structured === undefined ? content : content.filter((block) => !repeats(block, structured));
  // what it is, the output schema of the tool checks
  return new RichResult(structured as never, rest);
}

const textOf = (content: readonly ContentBlock[]): string =>
  content
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("\n")
    .trim();

function repeats(block: ContentBlock, structured: unknown): boolean {
  if (block.type !== "text") return false;
  try {
    return JSON.stringify(JSON.parse(block.text)) === JSON.stringify(structured);
  } catch {
    return false;
  }
}

const asToolError = ({ code, message }: RpcFailure): ToolError =>
  new ToolError(code === INVALID_PARAMS ? "VALIDATION_ERROR" : "API_ERROR", message);
