import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import {
  bearer,
  type Guarded,
  rpc,
  saidBy,
  send,
  startGuarded,
  toolNames,
} from "./support/access.ts";
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from "./support/authorization-server.ts";
import { freePort } from "./support/nginx.ts";

const see = { name: "see", arguments: {} };

let server: AuthorizationServer;
let guarded: Guarded;
let base = "";
beforeAll(async () => {
  await ensureBuilt();
  server = await startAuthorizationServer("alpha:* alpha:see beta:* *:*");
  const port = String(await freePort());
  base = `http://127.0.0.1:${port}`;
  guarded = await startGuarded({
    env: { PORT: port },
    gateway: {
      publicUrl: base,
      limits: false,
      trustedProxies: ["127.0.0.1"],
      access: { oauth: { issuer: server.issuer, audience: "urn:whole" } },
    },
  });
}, 60_000);
afterAll(async () => {
  await guarded.stop();
  await server.stop();
});

const gateway = () => guarded.gateway;
// biome-ignore lint/suspicious/noExplicitAny: what it is, is what the tests find out
const jsonAt = async (url: string): Promise<any> => (await fetch(url)).json();
const metadataOf = (path: string) => `${base}/.well-known/oauth-protected-resource${path}`;

it("describes its resources at their paths, and nothing beside them", async () => {
  for (const path of ["/mcp", "/alpha/mcp", "/p/some/mcp", "/nothing/mcp"])
    expect(await jsonAt(metadataOf(path))).toMatchObject({ resource: `${base}${path}` });
  expect(await jsonAt(metadataOf(""))).toMatchObject({ resource: `${base}/mcp` });
  for (const path of [
    ".evil.com/mcp",
    "@evil.com/mcp",
    "x",
    "/",
    "//evil.com/mcp",
    "/alpha",
    "/alpha/mcp/",
    "/alpha/mcp/mcp",
    "/alpha/tools",
    "/UPPER/mcp",
    "/docs",
  ])
    expect([401, 404], path).toContain((await fetch(metadataOf(path))).status);
});

describe.each(ERAS)("a client that knows nothing but the address (%s)", (era) => {
  it("is led by the challenge to the authorization server, and with its token to the tools", async () => {
    const refused = await rpc(gateway(), "/alpha/mcp", undefined, "tools/list", {}, { era });
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get("www-authenticate") ?? "";
    const [, metadataUrl = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    expect(challenge).not.toContain("error=");
    expect(metadataUrl).toBe(metadataOf("/alpha/mcp"));
    const metadata = await jsonAt(metadataUrl);
    expect(metadata).toEqual({
      resource: `${base}/alpha/mcp`,
      authorization_servers: [server.issuer],
      bearer_methods_supported: ["header"],
      scopes_supported: ["alpha:*"],
    });
    const [issuer] = metadata.authorization_servers;
    const found = await jsonAt(`${issuer}/.well-known/openid-configuration`);
    expect(found.issuer).toBe(server.issuer);
    const token = await server.token(metadata.resource, metadata.scopes_supported.join(" "));
    expect(
      toolNames(await rpc(gateway(), "/alpha/mcp", token, "tools/list", {}, { era })),
    ).toHaveLength(5);
    const said = saidBy(await rpc(gateway(), "/alpha/mcp", token, "tools/call", see, { era }));
    expect(said.principal).toEqual({ id: "token:agent", scopes: ["alpha:*"] });
    const rest = await send(gateway(), "/alpha/tools/see", {
      method: "POST",
      headers: bearer(token),
    });
    expect(rest.status).toBe(200);
  });
});

describe("a token is refused", () => {
  let sender = 0;
  // each from another address, because those who guess are slowed down
  const refusal = async (token: string, path = "/alpha/mcp") => {
    const from = { headers: { "x-forwarded-for": `192.0.2.${++sender}` } };
    const answer = await rpc(gateway(), path, token, "tools/call", see, from);
    const { status, headers, text } = answer;
    return { status, challenge: headers.get("www-authenticate") ?? "", text };
  };
  const invalid = (reason: string, path = "/alpha/mcp") =>
    `Bearer resource_metadata="${metadataOf(path)}", error="invalid_token", error_description="${reason}"`;
  const good = { aud: "", scope: "alpha:*" };
  beforeAll(() => {
    good.aud = `${base}/alpha/mcp`;
  });

  it("that has expired", async () => {
    const token = await server.forge(good, { expiresAt: Date.now() / 1_000 - 60 });
    expect(await refusal(token)).toMatchObject({
      status: 401,
      challenge: invalid("The token has expired"),
    });
  });

  it("that is for another server, and at the address of all", async () => {
    const token = await server.token(`${base}/alpha/mcp`, "alpha:* beta:*");
    expect((await rpc(gateway(), "/alpha/mcp", token, "tools/list")).status).toBe(200);
    for (const path of ["/beta/mcp", "/mcp"])
      expect(await refusal(token, path)).toMatchObject({
        status: 401,
        challenge: invalid("The token is for another resource", path),
      });
    const rest = await send(gateway(), "/beta/tools/see", {
      method: "POST",
      headers: bearer(token),
    });
    expect(rest.status).toBe(401);
  });

  it("that is not signed", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      iss: server.issuer,
      sub: "agent",
      exp: Math.floor(Date.now() / 1_000) + 600,
      ...good,
    };
    const unsigned = `${part({ alg: "none", typ: "at+jwt" })}.${part(claims)}.`;
    expect(await refusal(unsigned)).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('error="invalid_token"'),
    });
    const secret = `${part({ alg: "HS256", kid: "of-the-test" })}.${part(claims)}.AAAA`;
    expect(await refusal(secret)).toMatchObject({ status: 401 });
  });

  it("that is signed by another key", async () => {
    expect(await refusal(await server.forge(good, { key: "other" }))).toMatchObject({
      status: 401,
      challenge: invalid("The signature of the token is not that of the issuer"),
    });
  });

  it("that is of another issuer, or says neither for whom nor until when", async () => {
    const other = await server.forge({ ...good, iss: "https://example.com" });
    expect((await refusal(other)).status).toBe(401);
    expect((await refusal(await server.forge({ scope: "alpha:*" }))).status).toBe(401);
    expect((await refusal(await server.forge({ ...good, sub: undefined }))).status).toBe(401);
  });

  it("whose scopes are of other servers, with those that it lacks and no others", async () => {
    const token = await server.token(`${base}/alpha/mcp`, "beta:*");
    const description = "The token has no scope for this resource";
    expect(await refusal(token)).toMatchObject({
      status: 403,
      challenge: `Bearer resource_metadata="${metadataOf("/alpha/mcp")}", error="insufficient_scope", error_description="${description}", scope="alpha:*"`,
    });
    const unknown = await server.token(`${base}/gamma/mcp`, "beta:*");
    const answer = await refusal(unknown, "/gamma/mcp");
    expect([answer.status, answer.challenge]).toEqual([
      403,
      expect.stringContaining('scope="gamma:*"'),
    ]);
  });

  it.each(["", "x", "a.b.c", "..", "gw_"])("that is none: %j", async (token) => {
    expect((await refusal(token)).status).toBe(401);
  });
});

it("a tool that the scopes do not name is not there", async () => {
  const token = await server.token(`${base}/alpha/mcp`, "alpha:see");
  expect(toolNames(await rpc(gateway(), "/alpha/mcp", token, "tools/list"))).toEqual(["see"]);
});

it("a token for the whole gateway is good at each of its resources", async () => {
  const token = await server.token("urn:whole", "*:*");
  for (const path of ["/alpha/mcp", "/beta/mcp", "/mcp"])
    expect((await rpc(gateway(), path, token, "tools/list")).status).toBe(200);
});

it("the document of a resource does not tell whether there is such a server", async () => {
  const [there, not] = [
    await fetch(metadataOf("/alpha/mcp")),
    await fetch(metadataOf("/gamma/mcp")),
  ];
  expect((await there.text()).replaceAll("alpha", "NAME")).toBe(
    (await not.text()).replaceAll("gamma", "NAME"),
  );
  expect((await jsonAt(metadataOf(""))).resource).toBe(`${base}/mcp`);
});

it("while the authorization server is away its tokens are good where its keys are known, and cannot be judged elsewhere", async () => {
  const own = await startAuthorizationServer("alpha:*");
  const started = async () => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const access = { oauth: { issuer: own.issuer, audience: "urn:both" } };
    return startGuarded({ env: { PORT: port }, gateway: { publicUrl: url, access } });
  };
  const [knowing, other] = [(await started()).gateway, (await started()).gateway];
  const list = (one: typeof knowing, token: string) => rpc(one, "/alpha/mcp", token, "tools/list");
  const [first, second] = [
    await own.token("urn:both", "alpha:*"),
    await own.token("urn:both", "alpha:*"),
  ];
  expect((await list(knowing, first)).status).toBe(200);
  await own.stop();
  for (const token of [first, second]) expect((await list(knowing, token)).status).toBe(200);
  const answer = await list(other, first);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
});
