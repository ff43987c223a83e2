import type { IncomingHttpHeaders } from "node:http";
import {
  Client as Client2,
  StreamableHTTPClientTransport as Http2,
} from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Instance, JsonObject } from "#shared/core/contract.ts";
import { liveAnswers } from "#shared/mcp/answers.ts";
import { createConnection } from "#shared/mcp/connection.ts";
import { type FetchableServer, withFetch } from "#shared/mcp/define-server.ts";
import { headersAgree } from "#shared/mcp/direct-http.ts";
import { readHot } from "#shared/mcp/hot.ts";
import type { LinkedTransport } from "#shared/testing/linked.ts";
import { MODERN_VERSION } from "#shared/testing/messages.ts";
import { openTestServer, testServer } from "./support/differential-server.ts";
import { deployedSide, type HttpSide } from "./support/exchange-http.ts";

/** What clients really send is of the ordinary form: this is what makes the speed real. */

const NAME = { name: "a-client", version: "1.0.0" };
const FULL_NAME = {
  ...NAME,
  title: "A client",
  description: "A client that says all of itself",
  websiteUrl: "https://example.org",
  icons: [{ src: "https://example.org/icon.png", mimeType: "image/png", sizes: ["48x48"] }],
};
const CAPABILITIES: Record<string, object> = {
  nothing: {},
  "elicitation, sampling and roots": {
    elicitation: {},
    sampling: {},
    roots: { listChanged: true },
  },
  "all modes of them": {
    elicitation: { form: {}, url: {} },
    sampling: { tools: {}, context: {} },
    roots: {},
  },
  "defaults in forms": { elicitation: { form: { applyDefaults: true } } },
  extensions: {
    extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } },
    experimental: { "example.org/own": { level: 2 } },
  },
};

interface Kind {
  name: string;
  methods: string[];
  create(capabilities: object): Client1 | Client2;
}
const negotiate = (mode: "legacy" | "auto" | { pin: string }) => (capabilities: object) =>
  new Client2(FULL_NAME, { capabilities, versionNegotiation: { mode } });
const CALLS = ["tools/list", "tools/call", "tools/call"];
const KINDS: Kind[] = [
  {
    name: "the 1.x client",
    methods: ["initialize", ...CALLS],
    create: (capabilities) => new Client1(NAME, { capabilities }),
  },
  {
    name: "the 2.x client of 2025",
    methods: ["initialize", ...CALLS],
    create: negotiate("legacy"),
  },
  {
    name: "the 2.x client that asks",
    methods: ["server/discover", ...CALLS],
    create: negotiate("auto"),
  },
  {
    name: "the 2.x client pinned to 2026-07-28",
    methods: ["server/discover", ...CALLS],
    create: negotiate({ pin: MODERN_VERSION }),
  },
];

async function work(client: Client1 | Client2): Promise<void> {
  await client.listTools();
  await client.callTool({ name: "add_numbers", arguments: { a: 1, b: 2 } });
  const params = { name: "report_progress", arguments: { steps: 2 } };
  if (client instanceof Client1) await client.callTool(params, undefined, { onprogress: () => {} });
  else await client.callTool(params, { onprogress: () => {} });
  await client.close();
}

const cases = KINDS.flatMap((kind) =>
  Object.entries(CAPABILITIES).map(([what, capabilities]) => ({ ...kind, what, capabilities })),
);

interface Captured {
  message: JsonObject;
  headers: IncomingHttpHeaders;
}
const isRequest = ({ message }: Captured) => "id" in message && "method" in message;

describe("Over HTTP", () => {
  let side: HttpSide;
  beforeAll(async () => {
    const module = testServer();
    side = await deployedSide(module, await openTestServer(module));
  });
  afterAll(() => side.close());

  it.each(cases)("$name with $what sends what is answered without the SDK", async (kind) => {
    const captured: Captured[] = [];
    const capture = (url: string | URL, init?: RequestInit) => {
      const headers = Object.fromEntries(new Headers(init?.headers));
      if (init?.method === "POST")
        captured.push({ message: JSON.parse(String(init.body)), headers });
      return fetch(url, init);
    };
    const client = kind.create(kind.capabilities);
    if (client instanceof Client1)
      await client.connect(new Http1(new URL(side.url), { fetch: capture }));
    else await client.connect(new Http2(new URL(side.url), { fetch: capture }));
    await work(client);

    const requests = captured.filter(isRequest);
    expect(requests.map(({ message }) => message.method)).toEqual(kind.methods);
    for (const { message, headers } of requests) {
      const hot = readHot(message);
      expect(hot && headersAgree(hot, headers), JSON.stringify(message)).toBe(true);
    }
  });
});

describe("Over stdio", () => {
  let server: FetchableServer;
  let instance: Instance;
  beforeAll(async () => {
    const module = withFetch(testServer());
    const loadSdk = () => Promise.reject(new Error("The SDK was needed"));
    server = Object.assign(module, { loadSdk });
    instance = await openTestServer(server);
  });

  it.each(cases)("$name with $what never needs the SDK", async (kind) => {
    const methods: unknown[] = [];
    const errors: string[] = [];
    const transport: LinkedTransport = {
      start: async () => {},
      send: async (message) => {
        const sent: JsonObject = JSON.parse(JSON.stringify(message));
        if ("id" in sent) methods.push(sent.method);
        queueMicrotask(() => connection.receive(sent));
      },
      close: async () => transport.onclose?.(),
    };
    const connection = createConnection({
      answers: liveAnswers(server, instance),
      load: async () => ({ module: server, instance }),
      write: async (text) => transport.onmessage?.(JSON.parse(text)),
      onIdle: () => {},
      onError: ({ message }) => void errors.push(message),
      onBroken: (error) => void errors.push(String(error)),
    });
    const client = kind.create(kind.capabilities);
    if (client instanceof Client1)
      await client.connect(transport as Parameters<Client1["connect"]>[0]);
    else await client.connect(transport as Parameters<Client2["connect"]>[0]);
    await work(client);
    await connection.close();
    expect(methods).toEqual(kind.methods);
    expect(errors).toEqual([]);
  });
});
