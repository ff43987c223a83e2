import { usesOf } from "#shared/make-api/blueprint.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { Row } from "#shared/make-api/endpoints.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import { listTeams, type WithBlueprint } from "#shared/make-api/scan.ts";
import { MS_A_DAY } from "./period.ts";

type SsoCertificate = Row<"GET /organizations/{organizationId}/sso-certificates">;

export type State = "expired" | "expiring" | "valid" | "inactive";

export const daysLeft = (validTo: string, now: Date): number =>
  Math.floor((Date.parse(validTo) - now.getTime()) / MS_A_DAY);

export const stateOf = (days: number, soon: number): State =>
  days < 0 ? "expired" : days <= soon ? "expiring" : "valid";

/** Active ones first, by days left; what is not active expires without harm. */
export function judgeSso(certificates: readonly SsoCertificate[], soon: number, now: Date) {
  const isActive = (status: string | null | undefined) => status === "active";
  return certificates
    .map(({ id, status, validFrom, validTo, type }) => {
      const days = daysLeft(validTo, now);
      const state: State = isActive(status) ? stateOf(days, soon) : "inactive";
      return {
        id,
        type: type ?? null,
        status: status ?? null,
        validFrom: validFrom ?? null,
        validTo,
        daysLeft: days,
        state,
      };
    })
    .sort(
      (a, b) => Number(isActive(b.status)) - Number(isActive(a.status)) || a.daysLeft - b.daysLeft,
    );
}

export async function readSso(make: MakeCall, organizationId: number) {
  const path = { organizationId };
  return await make.get("GET /organizations/{organizationId}/sso-certificates", {
    path,
    query: { type: "saml" },
  });
}

const CERTIFICATE_KEY = /cert|pkcs|pfx|mtls/i;

/** Keys that hold a certificate, and the scenarios that use them; Make does not give out what is in them. */
export async function certificateKeys(
  make: MakeCall,
  organizationId: number,
  scenarios: readonly WithBlueprint[],
) {
  const found = [];
  for (const { id: teamId } of await listTeams(make, { organizationId }))
    for (const key of await make.get("GET /keys", { query: { teamId } }))
      if (CERTIFICATE_KEY.test(key.typeName ?? ""))
        found.push({
          id: key.id,
          name: key.name,
          type: key.typeName ?? null,
          teamId,
          scenarioIds: scenarios
            .filter(({ answer }) => usesOf(answer.blueprint).keys.includes(key.id))
            .map(({ scenario }) => scenario.id),
        });
  return found;
}

/** Make's own hosts that the organisation relies on: its zone, and those of its webhooks. */
export async function makeHosts(make: MakeCall, organizationId: number): Promise<string[]> {
  const hosts = new Set<string>();
  const organization = await make.optional("zone", () =>
    make.get("GET /organizations/{organizationId}", { path: { organizationId } }),
  );
  if (isObject(organization) && typeof organization.zone === "string") hosts.add(organization.zone);
  await make.optional("hooks", async () => {
    for (const { id: teamId } of await listTeams(make, { organizationId }))
      for (const { url } of await make.all("GET /hooks", { query: { teamId } }))
        if (url && URL.canParse(url)) hosts.add(new URL(url).hostname);
  });
  return [...hosts].sort();
}
