import {
  Client as Client2,
  StreamableHTTPClientTransport as Transport2,
} from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { type Guarded, rpc, startGuarded } from "./support/access.ts";
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from "./support/authorization-server.ts";
import { freePort } from "./support/nginx.ts";
import { signIn } from "./support/oauth-person.ts";

let server: AuthorizationServer;
let guarded: Guarded;
let base = "";
beforeAll(async () => {
  await ensureBuilt();
  server = await startAuthorizationServer("alpha:* beta:*", { people: true });
  const port = String(await freePort());
  base = `http://127.0.0.1:${port}`;
  guarded = await startGuarded({
    env: { PORT: port },
    gateway: { publicUrl: base, limits: false, access: { oauth: { issuer: server.issuer } } },
  });
}, 60_000);
afterAll(async () => {
  await guarded.stop();
  await server.stop();
});

/** Where the browser would be sent back to; nobody listens there. */
const REDIRECT = "http://127.0.0.1:9/callback";

/** What a client of the SDK asks of the program that it is in: it keeps things, and shows a page. */
class Program {
  readonly redirectUrl = REDIRECT;
  readonly clientMetadata = {
    client_name: "a program of the test",
    redirect_uris: [REDIRECT],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: "native",
  };
  shown: URL | undefined;
  registered: { client_id: string } | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: each client has its own type for it
  kept: any;
  #verifier = "";

  state = () => "state-of-the-test";
  clientInformation = () => this.registered;
  saveClientInformation = (given: { client_id: string }) => {
    this.registered = given;
  };
  tokens = () => this.kept;
  saveTokens = (given: object) => {
    this.kept = given;
  };
  redirectToAuthorization = (url: URL) => {
    this.shown = url;
  };
  saveCodeVerifier = (verifier: string) => {
    this.#verifier = verifier;
  };
  codeVerifier = () => this.#verifier;
}

interface Connected {
  tools(): Promise<{ name: string }[]>;
  call(name: string): Promise<unknown>;
}

/** One attempt to reach an address; `finish` takes what the browser was sent back with. */
interface Attempt {
  connect(): Promise<Connected>;
  finish(returned: URLSearchParams): Promise<void>;
}

const NAME = { name: "test", version: "1.0.0" };
const CLIENTS: readonly [string, (url: URL, program: Program) => Attempt][] = [
  [
    "the 1.x client",
    (url, program) => {
      const transport = new Transport1(url, { authProvider: program });
      const client = new Client1(NAME);
      onTestFinished(() => client.close());
      return {
        connect: async () => {
          await client.connect(transport);
          return {
            tools: async () => (await client.listTools()).tools,
            call: (name) => client.callTool({ name, arguments: {} }),
          };
        },
        finish: (returned) => transport.finishAuth(returned.get("code") ?? ""),
      };
    },
  ],
  [
    "the 2.x client",
    (url, program) => {
      const transport = new Transport2(url, { authProvider: program });
      const client = new Client2(NAME, { versionNegotiation: { mode: "auto" } });
      onTestFinished(() => client.close());
      return {
        connect: async () => {
          await client.connect(transport);
          return {
            tools: async () => (await client.listTools()).tools,
            call: (name) => client.callTool({ name, arguments: {} }),
          };
        },
        finish: (returned) => transport.finishAuth(returned),
      };
    },
  ],
];

describe.each(CLIENTS)("%s, which knows nothing but an address", (_, attempt) => {
  it("finds the authorization server, registers, has its user sign in, and calls tools with what it got", async () => {
    const url = new URL("/alpha/mcp", base);
    const program = new Program();
    const first = attempt(url, program);
    await expect(first.connect()).rejects.toThrow(/Unauthorized/);

    const { shown } = program;
    if (!shown) throw new Error("Nobody was asked to sign in");
    expect(shown.origin).toBe(server.issuer);
    const asked = Object.fromEntries(shown.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: program.registered?.client_id,
      code_challenge_method: "S256",
      resource: url.href,
      scope: "alpha:*",
    });
    expect(asked.code_challenge).toHaveLength(43);

    const returned = await signIn(shown, REDIRECT);
    expect(returned.get("state")).toBe("state-of-the-test");
    await first.finish(returned);
    const claims = decodeJwt(program.kept.access_token);
    expect(claims).toMatchObject({ iss: server.issuer, aud: url.href, scope: "alpha:*" });

    const connected = await attempt(url, program).connect();
    expect((await connected.tools()).map(({ name }) => name)).toContain("see");
    const said = JSON.stringify(await connected.call("see"));
    expect(said).toContain(`token:${claims.sub}`);
    expect(said).not.toContain(program.kept.access_token);
    const other = await rpc(guarded.gateway, "/beta/mcp", program.kept.access_token, "tools/list");
    expect(other.status, "what is for one server is not for another").toBe(401);
  });

  it("gets nothing for a code that it did not ask for itself", async () => {
    const program = new Program();
    const first = attempt(new URL("/alpha/mcp", base), program);
    await expect(first.connect()).rejects.toThrow(/Unauthorized/);
    if (!program.shown) throw new Error("Nobody was asked to sign in");
    const returned = await signIn(program.shown, REDIRECT);
    program.saveCodeVerifier("x".repeat(43));
    await expect(first.finish(returned)).rejects.toThrow();
    expect(program.kept).toBeUndefined();
  });
});
