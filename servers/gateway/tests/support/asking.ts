import type { JsonObject } from "#shared/core/contract.ts";
import { eventMessages, headersFor, isObject } from "../shared/testing/messages.ts";
import { PATIENCE_MS } from "../shared/testing/within.ts";
import { bearer } from "./access.ts";

interface At {
  url: string;
}

const post = ({ url }: At, path: string, key: string, message: JsonObject) =>
  fetch(new URL(path, url), {
    method: "POST",
    headers: { ...headersFor("legacy", String(message.method ?? "")), ...bearer(key) },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });

/** A call of 2025 that asks: the id of its question, and what comes of it. */
export async function askingCall(gateway: At, path: string, key: string, name: string) {
  const params = { name, arguments: {} };
  const response = await post(gateway, path, key, { id: 1, method: "tools/call", params });
  if (!response.body) throw new Error(`HTTP ${response.status} without a stream`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let stream = "";
  const next = async (isMeant: (message: JsonObject) => boolean): Promise<JsonObject> => {
    for (;;) {
      const found = eventMessages(stream).find(isMeant);
      if (found) return found;
      const { value, done } = await reader.read();
      if (done) throw new Error(`The stream ended: ${stream}`);
      stream += value;
    }
  };
  const question = await next(({ method }) => method === "elicitation/create");
  return {
    id: String(question.id),
    result: async (): Promise<string> => {
      const { result } = await next(({ id }) => id === 1);
      return JSON.stringify(isObject(result) ? result.content : result);
    },
    leave: () => reader.cancel(),
  };
}

/** Posts an answer to a question of a tool that asks for a name, and returns the status. */
export async function answerAs(gateway: At, path: string, key: string, id: string, name: string) {
  const result = { action: "accept", content: { name } };
  const response = await post(gateway, path, key, { id, result });
  await response.body?.cancel();
  return response.status;
}
