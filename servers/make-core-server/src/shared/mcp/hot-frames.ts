// Copied from shared/mcp/hot-frames.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** What must be known of the messages that the SDK answers: read as the SDK reads them. */
import type { JsonObject, NoticeLevel } from "#shared/core/contract.ts";
import { type Id, isId, LEVELS, onlyKeys, REQUEST_KEYS } from "./hot.ts";
import { isObject } from "./hot-client.ts";

const RELATED_TASK = "io.modelcontextprotocol/related-task";

/** Whether the SDK takes the message for a request, and so answers it. */
export function isRequest(message: JsonObject): boolean {
  const { jsonrpc, id, method, params } = message;
  if (jsonrpc !== "2.0" || !isId(id) || typeof method !== "string") return false;
  if (!onlyKeys(message, REQUEST_KEYS)) return false;
  return params === undefined || (isObject(params) && isMeta(params._meta));
}

function isMeta(meta: unknown): boolean {
  if (meta === undefined) return true;
  if (!isObject(meta)) return false;
  const { progressToken, [RELATED_TASK]: task } = meta;
  if (progressToken !== undefined && !isId(progressToken)) return false;
  return task === undefined || (isObject(task) && typeof task.taskId === "string");
}

/** The request that a well-formed `notifications/cancelled` is about. */
export function readCancelled({ jsonrpc, id, params }: JsonObject): Id | undefined {
  if (jsonrpc !== "2.0" || id !== undefined || !isObject(params) || !isMeta(params._meta))
    return undefined;
  const { requestId, reason } = params;
  const isRight = isId(requestId) && (reason === undefined || typeof reason === "string");
  return isRight ? requestId : undefined;
}

/** The level of a `logging/setLevel` in its ordinary form. */
export function readSetLevel(message: JsonObject): NoticeLevel | undefined {
  const { method, params } = message;
  if (method !== "logging/setLevel" || !isRequest(message) || !isObject(params)) return undefined;
  const { level, ...rest } = params;
  return LEVELS.has(level) && Object.keys(rest).length === 0 ? (level as NoticeLevel) : undefined;
}
