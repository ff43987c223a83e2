import * as z from "zod";
import { isLoopback } from "#shared/mcp/guards.ts";
import { isScope } from "../keys/key-file.ts";

/** What tokens may be signed by; a secret that both sides know, and no signature at all, are not among them. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

/** Keys decide who gets in, so they come over TLS, or from this machine. */
const secureUrl = z.url({ protocol: /^https?$/, error: "expected an https URL" }).refine((text) => {
  const { protocol, hostname, username } = new URL(text);
  return username === "" && (protocol === "https:" || isLoopback(hostname));
}, "expected an https URL without a user");

export const oauthSettings = z.strictObject({
  issuer: secureUrl.describe("Who signs tokens, exactly as they say it"),
  jwksUri: secureUrl
    .optional()
    .describe("Where its keys are; found out from the issuer unless given"),
  audience: z
    .string()
    .min(1)
    .optional()
    .describe("An audience that is good for every resource of the gateway, beside its own"),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .default(["RS256", "PS256", "ES256", "EdDSA"])
    .describe("What tokens may be signed by"),
  scopes: z
    .record(
      z.string().min(1),
      z.array(z.string().refine(isScope, "is no scope such as server:tool")),
    )
    .optional()
    .describe(
      "What the issuer's scopes let through; unless given they are such as server:tool themselves",
    ),
  clientClaim: z
    .string()
    .min(1)
    .optional()
    .describe("Claim that names a client of deployment-config.json"),
});

export type OAuthSettings = z.output<typeof oauthSettings>;
