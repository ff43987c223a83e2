// Copied from shared/testing/stdio.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject } from "#shared/core/contract.ts";
import { type Era, initializeParams, paramsFor, parseMessage, resultOf } from "./messages.ts";
import { type ProcessOptions, type ServerProcess, startProcess } from "./process.ts";

export interface RawStdio extends ServerProcess {
  /** Sends a request of this connection's era and returns the whole answer, an error too. */
  request(method: string, params?: JsonObject): Promise<JsonObject>;
  notify(method: string, params?: JsonObject): void;
  /** Sends a request and waits for nothing; its id. */
  begin(method: string, params?: JsonObject): number;
  /** The answer to the request of this id. */
  answer(id: number): Promise<JsonObject>;
  write(text: string): void;
  /** Lines on stdout that are no JSON-RPC message: there must be none, ever. */
  impurities(): string[];
}

export interface StdioOptions extends Partial<ProcessOptions> {
  era?: Era;
}

/** Starts a server over stdio and opens the connection as clients of the era do. */
export async function startStdio({
  era = "legacy",
  ...options
}: StdioOptions = {}): Promise<RawStdio> {
  const raw = speak(startProcess({ entry: "dist/stdio.cjs", ...options }), era);
  if (era === "legacy") {
    resultOf(await raw.request("initialize", initializeParams));
    raw.notify("notifications/initialized");
  } else resultOf(await raw.request("server/discover"));
  return raw;
}

/** A connection over a process that was started already; says no hello. */
export function speak(server: ServerProcess, era: Era): RawStdio {
  let lastId = 0;
  const write = (text: string) => void server.stdin.write(text);
  const send = (message: JsonObject) =>
    write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

  function begin(method: string, params?: JsonObject): number {
    lastId += 1;
    send({ id: lastId, method, params: paramsFor(era, params) });
    return lastId;
  }

  async function answer(id: number): Promise<JsonObject> {
    const answers = (line: string) => {
      const message = parseMessage(line);
      return message?.id === id && !("method" in message);
    };
    const line = await server.stdout.find(answers, `The answer to request ${id}`);
    return parseMessage(line) ?? {};
  }

  return {
    ...server,
    begin,
    answer,
    write,
    request: (method, params) => answer(begin(method, params)),
    notify: (method, params) => send({ method, ...(params && { params }) }),
    impurities: () => server.stdout.all.filter((line) => parseMessage(line) === undefined),
  };
}
