import type { IncomingHttpHeaders } from "node:http";

/** Characters of a credential; a longer one is none. */
export const MAX_CREDENTIAL = 8_192;
const BEARER = /^bearer +([^\s]+) *$/i;

/** What a request proves itself by. Never of its address, which ends up in logs. */
export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, "x-api-key": apiKey } = headers;
  if (authorization !== undefined) return BEARER.exec(authorization)?.[1] ?? "";
  return typeof apiKey === "string" ? apiKey : undefined;
}
