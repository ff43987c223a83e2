import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { endChild, spawnFixture } from "./fixture.ts";
import { onMessages, writeMessage } from "./lines.ts";

interface Session {
  transport: StreamableHTTPServerTransport;
  close(): Promise<void>;
}

/** 2025-11-25: a session of HTTP is a process, because on stdio a connection is a session. */
export function createLegacyBridge() {
  const sessions = new Map<string, Session>();

  function open(): Session {
    const child = spawnFixture("stdio.ts");
    // a message of the server belongs to the stream of the request that it was made for; on stdio
    // nothing says which one that is, and the suite sends one at a time
    let current: string | number | undefined;
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, session),
    });
    transport.onmessage = (message) => {
      if ("method" in message && "id" in message) current = message.id;
      writeMessage(child, message);
    };
    onMessages(child, (message) => {
      const options =
        "method" in message && current !== undefined ? { relatedRequestId: current } : undefined;
      transport.send(message as JSONRPCMessage, options).catch(console.error);
    });
    const session = {
      transport,
      close: async () => {
        await transport.close();
        await endChild(child);
      },
    };
    return session;
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse, body: unknown) {
      const id = request.headers["mcp-session-id"];
      const session = (typeof id === "string" && sessions.get(id)) || open();
      await session.transport.handleRequest(request, response, body);
    },
    close: async () => {
      await Promise.all([...sessions.values()].map((session) => session.close()));
    },
  };
}
