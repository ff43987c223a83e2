import { isRecord } from "../unknown.ts";

/**
 * The few messages that show a server alive, in both eras, written by hand: the standalone test
 * must not depend on a client library that could hide what a server gets wrong.
 */

export type Result = Record<string, unknown>;

export interface Connection {
  /** Sends a request and returns its result; throws on an error, a timeout or a broken frame. */
  request(method: string, params: Result): Promise<Result>;
  notify(method: string, params?: Result): Promise<void>;
}

export const oldVersion = "2025-11-25";
export const newVersion = "2026-07-28";
const clientInfo = { name: "flotilla-standalone-test", version: "1.0.0" };

/** Every 2026-07-28 request carries what initialize used to settle once. */
const envelope = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": newVersion,
    "io.modelcontextprotocol/clientInfo": clientInfo,
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};

/** The result of a JSON-RPC answer to the request of this id. */
export function resultOf(answer: unknown, id: number, method: string): Result {
  if (!isRecord(answer) || answer.jsonrpc !== "2.0" || answer.id !== id) {
    throw new Error(`${method}: not an answer to request ${id}: ${JSON.stringify(answer)}`);
  }
  if (isRecord(answer.error)) {
    throw new Error(
      `${method}: error ${String(answer.error.code)}: ${String(answer.error.message)}`,
    );
  }
  if (!isRecord(answer.result)) throw new Error(`${method}: an answer without a result`);
  return answer.result;
}

/** A tool as it is listed. */
export type ListedTool = Result & { name: string };

function toolsIn(result: Result): ListedTool[] {
  if (!Array.isArray(result.tools)) throw new Error("tools/list: no list of tools");
  return result.tools.map((tool: unknown) => {
    if (isRecord(tool) && typeof tool.name === "string") return { ...tool, name: tool.name };
    throw new Error("tools/list: a tool without a name");
  });
}

const MOST_TOOLS = 10_000;

/** How a client of one era talks once it is connected. */
export interface Talk {
  /** What goes with every request. */
  params: Result;
  /** Says hello as the era does. */
  open(connection: Connection): Promise<Result>;
  /** All tools, of every page. */
  list(connection: Connection): Promise<ListedTool[]>;
  /** Throws when the tool says that it failed. */
  call(connection: Connection, tool: string, input: Result): Promise<Result>;
}

function talk(params: Result, open: Talk["open"]): Talk {
  return {
    params,
    open,
    async list(connection) {
      const tools: ListedTool[] = [];
      let cursor: unknown;
      do {
        const page = cursor === undefined ? params : { ...params, cursor };
        const result = await connection.request("tools/list", page);
        tools.push(...toolsIn(result));
        cursor = result.nextCursor;
      } while (cursor !== undefined && tools.length < MOST_TOOLS);
      return tools;
    },
    async call(connection, tool, input) {
      const request = { ...params, name: tool, arguments: input };
      const result = await connection.request("tools/call", request);
      if (result.isError !== true) return result;
      throw new Error(`${tool} failed: ${JSON.stringify(result.content)}`);
    },
  };
}

/** initialize, initialized: what a client of 2025-11-25 does first. */
export const talk2025 = talk({}, async (connection) => {
  const params = { protocolVersion: oldVersion, capabilities: {}, clientInfo };
  const result = await connection.request("initialize", params);
  if (result.protocolVersion !== oldVersion)
    throw new Error(`initialize: answered with version ${String(result.protocolVersion)}`);
  await connection.notify("notifications/initialized");
  return result;
});

/** server/discover: what a client of 2026-07-28 does first. */
export const talk2026 = talk(envelope, async (connection) => {
  const result = await connection.request("server/discover", envelope);
  const { supportedVersions } = result;
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(newVersion))
    throw new Error(`server/discover: no ${newVersion} in ${JSON.stringify(supportedVersions)}`);
  return result;
});

const listNames = (era: Talk) => async (connection: Connection) => {
  await era.open(connection);
  return (await era.list(connection)).map(({ name }) => name);
};

export const listTools2025 = listNames(talk2025);
export const listTools2026 = listNames(talk2026);
