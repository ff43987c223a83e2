import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { discoverJwks, ISSUER_MS } from "./discovery.ts";
import type { OAuthSettings } from "./settings.ts";

/** Seconds by which the clocks of issuer and gateway may differ. */
const CLOCK_SECONDS = 5;
/** Milliseconds for which keys are kept, and between two looks for one that is not known. */
const KEYS_MS = 600_000;
const KEYS_AGAIN_MS = 30_000;

/** The issuer cannot be reached: whether the token is good is not known. */
export class IssuerAway extends Error {}

/** The token is not good; the message says why, and holds nothing of it. */
export class BadToken extends Error {
  /** Whether the issuer never gave it: then somebody tries, and does not merely come too late. */
  readonly isForged: boolean;

  constructor(message: string, isForged: boolean) {
    super(message);
    this.isForged = isForged;
  }
}

export interface VerifiedToken {
  subject: string;
  audiences: readonly string[];
  scopes: readonly string[];
  client: string | undefined;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/**
 * Verifies tokens of one issuer: its signature by its own keys, who issued it and when it ends. Which
 * resource it is for is asked at each request. Rejects with BadToken or IssuerAway.
 */
export function createVerifier(settings: OAuthSettings): VerifyToken {
  const { issuer, algorithms } = settings;
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  const keysOfIssuer = async () => {
    if (keys) return keys;
    const url = settings.jwksUri ? new URL(settings.jwksUri) : await discoverJwks(issuer);
    keys = createRemoteJWKSet(url, {
      timeoutDuration: ISSUER_MS,
      cacheMaxAge: KEYS_MS,
      cooldownDuration: KEYS_AGAIN_MS,
    });
    return keys;
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, await keysOfIssuer(), {
        issuer,
        algorithms: [...algorithms],
        clockTolerance: CLOCK_SECONDS,
        requiredClaims: ["exp", "aud", "sub"],
      });
      return factsOf(payload, settings);
    } catch (error) {
      throw explained(error);
    }
  };
}

function factsOf(payload: JWTPayload, { clientClaim }: OAuthSettings): VerifiedToken {
  const { sub = "", aud = [], exp = 0, scope } = payload;
  const claimed = clientClaim === undefined ? undefined : payload[clientClaim];
  return {
    subject: sub,
    audiences: typeof aud === "string" ? [aud] : aud,
    scopes: typeof scope === "string" ? scope.split(" ").filter((one) => one !== "") : [],
    client: typeof claimed === "string" ? claimed : undefined,
    expiresAt: exp * 1_000,
  };
}

/** What is found out only once the signature is known to be good. */
const GENUINE = new Set(["ERR_JWT_EXPIRED", "ERR_JWT_CLAIM_VALIDATION_FAILED"]);

/** Those of jose say what is wrong in their code; their texts may quote the token. */
const REASONS: Record<string, string> = {
  ERR_JWT_EXPIRED: "The token has expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "The token is not of this issuer, or lacks a claim",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "The signature of the token is not that of the issuer",
  ERR_JWKS_NO_MATCHING_KEY: "The token is not signed by a key of the issuer",
  ERR_JOSE_ALG_NOT_ALLOWED: "The token is signed in a way that is not accepted",
};

function explained(error: unknown): Error {
  if (error instanceof errors.JWKSTimeout) return new IssuerAway("The issuer does not answer");
  if (error instanceof errors.JOSEError && error.code !== "ERR_JOSE_GENERIC")
    return new BadToken(REASONS[error.code] ?? "The token is not valid", !GENUINE.has(error.code));
  return new IssuerAway("The issuer cannot be reached");
}
