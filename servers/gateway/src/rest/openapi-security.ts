import type { AccessSettings } from "../access/settings.ts";

/** What a request proves itself by, as OpenAPI has it: any one of these. Nothing where nothing is asked for. */
export function securityOf(access: AccessSettings | undefined) {
  if (!access) return undefined;
  const { keys, oauth } = access;
  const kinds = [
    ...(keys === undefined ? [] : ["an API key"]),
    ...(oauth ? [`a token of ${oauth.issuer}`] : []),
  ];
  const schemes = {
    bearer: { type: "http", scheme: "bearer", description: `Takes ${kinds.join(", or ")}` },
    ...(keys !== undefined && { apiKey: { type: "apiKey", in: "header", name: "X-API-Key" } }),
  };
  return { schemes, security: Object.keys(schemes).map((name) => ({ [name]: [] })) };
}
