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

function toolNames(result: Result): string[] {
  if (!Array.isArray(result.tools)) throw new Error("tools/list: no list of tools");
  return result.tools.map((tool) => {
    if (isRecord(tool) && typeof tool.name === "string") return tool.name;
    throw new Error("tools/list: a tool without a name");
  });
}

/** All pages of a list. */
async function listAll(connection: Connection, params: Result): Promise<string[]> {
  const names: string[] = [];
  let cursor: unknown;
  do {
    const page = cursor === undefined ? params : { ...params, cursor };
    const result = await connection.request("tools/list", page);
    names.push(...toolNames(result));
    cursor = result.nextCursor;
  } while (cursor !== undefined && names.length < 10_000);
  return names;
}

/** initialize, initialized, tools/list: what a client of 2025-11-25 does first. */
export async function listTools2025(connection: Connection): Promise<string[]> {
  const params = { protocolVersion: oldVersion, capabilities: {}, clientInfo };
  const { protocolVersion } = await connection.request("initialize", params);
  if (protocolVersion !== oldVersion) {
    throw new Error(`initialize: answered with version ${String(protocolVersion)}`);
  }
  await connection.notify("notifications/initialized");
  return listAll(connection, {});
}

/** server/discover, tools/list: what a client of 2026-07-28 does first. */
export async function listTools2026(connection: Connection): Promise<string[]> {
  const { supportedVersions } = await connection.request("server/discover", envelope);
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(newVersion)) {
    throw new Error(`server/discover: no ${newVersion} in ${JSON.stringify(supportedVersions)}`);
  }
  return listAll(connection, envelope);
}
