import { parsePath, type Route } from "../../http/path.ts";
import { matches } from "../../mounts/filter.ts";
import { parsePattern } from "../../policy/grants.ts";
import type { Identity } from "../caller.ts";
import { type HttpRefusal, insufficient } from "../challenge.ts";
import { type Clients, grantedBy, identityOfToken } from "../identities.ts";
import type { Looked } from "../known-credentials.ts";
import { resourcePath, serverOfRoute } from "../resource.ts";
import type { OAuthSettings } from "./settings.ts";
import { BadToken, IssuerAway, type VerifyToken } from "./verifier.ts";

export const METADATA_PREFIX = "/.well-known/oauth-protected-resource";

/** Whether a path is one below which resources are described. */
export const isMetadataPath = (path: string): boolean =>
  path === METADATA_PREFIX || path.startsWith(`${METADATA_PREFIX}/`);

const AWAY_SECONDS = 5;

/** The gateway as a resource server of OAuth 2.1: each path of MCP is a resource of its own. */
export class OAuth {
  readonly #settings: OAuthSettings;
  readonly #base: string;
  readonly #verify: VerifyToken;

  /** `publicUrl` is what resources are named by: never what a request says of its host. */
  constructor(settings: OAuthSettings, publicUrl: string, verify: VerifyToken) {
    this.#settings = settings;
    this.#base = publicUrl.replace(/\/$/, "");
    this.#verify = verify;
  }

  resourceUrl(path: string): string {
    return `${this.#base}${path}`;
  }

  /** RFC 9728 puts the well-known part between the host and the path. */
  metadataUrl(path: string): string {
    const { origin, pathname } = new URL(this.resourceUrl(path));
    return `${origin}${METADATA_PREFIX}${pathname}`;
  }

  /** What clients read before they ask for a token, at `metadataUrl`: the same for a server that is not there. */
  metadata(metadataPath: string): object | undefined {
    const { pathname } = new URL(`${this.#base}/`);
    const whole = metadataPath.slice(METADATA_PREFIX.length) || "/mcp";
    // a public address may have a path of its own
    const path = whole.startsWith(pathname) ? `/${whole.slice(pathname.length)}` : whole;
    const route = parsePath(path);
    if (resourcePath(route) !== path) return undefined;
    const scopes = this.#scopesFor(serverOfRoute(route));
    return {
      resource: this.resourceUrl(path),
      authorization_servers: [this.#settings.issuer],
      bearer_methods_supported: ["header"],
      ...(scopes.length > 0 && { scopes_supported: scopes }),
    };
  }

  async look(token: string, clients: Clients): Promise<Looked> {
    const { scopes: table, clientClaim } = this.#settings;
    try {
      const verified = await this.#verify(token);
      const granting = grantedBy(verified.scopes, table);
      const identity = identityOfToken(verified, granting, clientClaim !== undefined, clients);
      return { identity, audiences: verified.audiences, until: verified.expiresAt };
    } catch (error) {
      if (error instanceof BadToken) return { reason: error.message, isGuess: error.isForged };
      if (error instanceof IssuerAway) return { refusal: away(error.message) };
      throw error;
    }
  }

  isFor(audiences: readonly string[], path: string): boolean {
    const { audience } = this.#settings;
    return (
      audiences.includes(this.resourceUrl(path)) ||
      (audience !== undefined && audiences.includes(audience))
    );
  }

  /** A token without any scope for what it is sent to. Asked before it is looked whether that is there. */
  lacks(
    { viewer, isAdmin, maySeeMetrics }: Identity,
    route: Route,
    path: string,
  ): HttpRefusal | undefined {
    const server = serverOfRoute(route);
    const patterns = viewer.grants?.patterns ?? [];
    const has =
      server === undefined
        ? patterns.length > 0 || isAdmin || maySeeMetrics
        : patterns.some((one) => matches(server, [one.server]));
    if (has) return undefined;
    const description = "The token has no scope for this resource";
    return insufficient(description, {
      metadata: this.metadataUrl(path),
      description,
      scope: this.#scopesFor(server).join(" "),
    });
  }

  /** Scopes that let through all tools of a server, or of all servers. */
  #scopesFor(server: string | undefined): string[] {
    const { scopes } = this.#settings;
    if (!scopes) return [`${server ?? "*"}:*`];
    const isMeant = (text: string) => {
      const pattern = parsePattern(text);
      return pattern && (server === undefined || matches(server, [pattern.server]));
    };
    return Object.entries(scopes).flatMap(([scope, granting]) =>
      granting.some(isMeant) ? [scope] : [],
    );
  }
}

const away = (message: string): HttpRefusal => ({
  status: 503,
  message: `${message}: whether the token is good cannot be known just now.`,
  headers: { "retry-after": String(AWAY_SECONDS) },
});
