import { StartError } from "#shared/core/lifecycle.ts";
import type { Activity } from "../activity/activity.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import { Access } from "./access.ts";
import { KeyRing } from "./keys/key-ring.ts";
import { OAuth } from "./oauth/oauth.ts";
import type { OAuthSettings } from "./oauth/settings.ts";
import { createVerifier, type VerifyToken } from "./oauth/verifier.ts";
import { readClients } from "./tiers.ts";

/** Access control as the settings have it; undefined when they have none. Throws a StartError. */
export function createAccess(
  { access, publicUrl }: Pick<GatewaySettings, "access" | "publicUrl">,
  pepper: string | undefined,
  activity: Activity,
): Access | undefined {
  if (!access) return undefined;
  const { keys, deployment, oauth } = access;
  if (oauth && publicUrl === undefined)
    throw new StartError(
      "gateway.publicUrl is missing: with gateway.access.oauth, tokens are for the URLs under it",
    );
  return new Access({
    ring: keys === undefined ? undefined : new KeyRing(keys, pepper),
    oauth: oauth && new OAuth(oauth, publicUrl ?? "", verifierOf(oauth)),
    clients: deployment === undefined ? undefined : readClients(deployment),
    onFailure: (failure) => activity.happened({ kind: "auth.fail", ...failure }),
  });
}

/** Keys of an issuer are kept for as long as its settings stay the same. */
const verifiers = new Map<string, VerifyToken>();

function verifierOf(settings: OAuthSettings): VerifyToken {
  const key = JSON.stringify(settings);
  const made = verifiers.get(key) ?? createVerifier(settings);
  verifiers.set(key, made);
  return made;
}
