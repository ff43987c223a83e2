import * as z from "zod";

const metadata = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });
/** Milliseconds that the issuer may take for an answer. */
export const ISSUER_MS = 5_000;
/** Characters of its metadata. */
const MAX_METADATA = 262_144;

/** Where RFC 8414 and OpenID Connect have the metadata of an issuer, which may have a path. */
function metadataUrls(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname === "/" ? "" : pathname.replace(/\/$/, "");
  return [
    new URL(`/.well-known/oauth-authorization-server${path}`, origin),
    new URL(`${path}/.well-known/openid-configuration`, origin),
  ];
}

/** Finds out where the keys of an issuer are. Rejects when nothing there is its metadata. */
export async function discoverJwks(issuer: string): Promise<URL> {
  for (const url of metadataUrls(issuer)) {
    const found = await readMetadata(url).catch(() => undefined);
    if (found?.issuer !== issuer) continue;
    const keys = new URL(found.jwks_uri);
    // metadata over TLS does not lead to keys without
    if (keys.protocol === "https:" || keys.hostname === url.hostname) return keys;
  }
  throw new Error(`There is no metadata of ${issuer}`);
}

async function readMetadata(url: URL) {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(ISSUER_MS) });
  if (!answer.ok) return undefined;
  const text = await answer.text();
  return text.length > MAX_METADATA ? undefined : metadata.parse(JSON.parse(text));
}
