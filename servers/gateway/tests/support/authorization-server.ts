import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
// @ts-expect-error: the package has no types
import { Provider } from "oidc-provider";

/** Seconds that a token holds. */
const TOKEN_SECONDS = 600;
const CLIENT = { client_id: "agent", client_secret: "agent-secret-of-the-test" };

export interface AuthorizationServer {
  issuer: string;
  /** A token by the grant of client credentials, for one resource. */
  token(resource: string, scope: string): Promise<string>;
  /** A token signed by the server's own key, with claims that it would not give itself. */
  forge(
    claims: Record<string, unknown>,
    options?: { expiresAt?: number; key?: "other" },
  ): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real authorization server on this machine. It gives tokens for any resource, as JWT; with `people` clients
 * may register themselves, and whoever signs in by its pages may let them.
 */
export async function startAuthorizationServer(
  scopes: string,
  { people = false } = {},
): Promise<AuthorizationServer> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const other = await generateKeyPair("RS256");
  const jwk: JWK = {
    ...(await exportJWK(privateKey)),
    kid: "of-the-test",
    alg: "RS256",
    use: "sig",
  };
  const http = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      { ...CLIENT, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
    ],
    jwks: { keys: [jwk] },
    scopes: scopes.split(" "),
    ttl: { ClientCredentials: TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: people },
      registration: { enabled: people },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, audience: string) => ({
          scope: scopes,
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: TOKEN_SECONDS,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  const handle = provider.callback();
  return {
    issuer,
    token: async (resource, scope) => {
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        body: new URLSearchParams({ ...CLIENT, grant_type: "client_credentials", resource, scope }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(JSON.stringify(body));
      return body.access_token;
    },
    forge: (claims, { expiresAt = Date.now() / 1_000 + TOKEN_SECONDS, key } = {}) =>
      new SignJWT({ iss: issuer, sub: "agent", ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "of-the-test", typ: "at+jwt" })
        .setIssuedAt()
        .setExpirationTime(Math.floor(expiresAt))
        .sign(key === "other" ? other.privateKey : privateKey),
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
