// Copied from shared/testing/channels.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import {
  StreamableHTTPClientTransport as Http2,
  type Transport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2 } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as Stdio1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as Transport1 } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Instance, ServerModule } from "#shared/core/contract.ts";
import { sdkStdio } from "#shared/mcp/sdk.ts";
import { linkedTransports } from "./linked.ts";
import { bareEnvironment, type ProcessOptions } from "./process.ts";

/** A way to a server. Each SDK line brings its own transports, so there are two of each. */
export interface Channel {
  line1(): Transport1;
  line2(): Transport;
}

/** The SDK adapter and an opened instance, without a process between. */
export function memoryChannel(server: ServerModule, instance: Instance): Channel {
  const connect = () => {
    const [client, served] = linkedTransports();
    sdkStdio(server, instance, served, () => {});
    return client;
  };
  return { line1: connect, line2: connect };
}

type Fetch = (request: Request) => Promise<Response>;
const SOMEWHERE = new URL("http://localhost/mcp");

/** The web-standard handler that hosts of modules call. */
export function fetchChannel(handle: Fetch): Channel {
  const fetch = (url: string | URL, init?: RequestInit) => handle(new Request(url, init));
  return {
    line1: () => new Http1(SOMEWHERE, { fetch }),
    line2: () => new Http2(SOMEWHERE, { fetch }),
  };
}

/** The address of a process that listens. */
export function httpChannel(url: string): Channel {
  return {
    line1: () => new Http1(new URL(url)),
    line2: () => new Http2(new URL(url)),
  };
}

/** A process of its own for each connection, as desktop clients do. */
export function stdioChannel({ entry, nodeArgs = [], env, cwd }: ProcessOptions): Channel {
  const parameters = {
    command: process.execPath,
    args: [...nodeArgs, entry],
    env: { ...bareEnvironment(), ...env },
    cwd: cwd ?? process.cwd(),
    stderr: "ignore" as const,
  };
  return { line1: () => new Stdio1(parameters), line2: () => new Stdio2(parameters) };
}
