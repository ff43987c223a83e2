// Copied from shared/core/mask.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** Replaces each secret in a text. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}

/** Replaces each secret in the texts of JSON, keys too; what is no JSON is left out, as JSON does it. */
export function maskJson(value: unknown, secrets: readonly string[]): unknown {
  const json = toJson(value);
  return json === undefined ? undefined : maskDeep(json, secrets);
}

function toJson(value: unknown): unknown {
  try {
    const text = JSON.stringify(value);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // a cycle or a bigint
  }
}

function maskDeep(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return mask(value, secrets);
  if (Array.isArray(value)) return value.map((item) => maskDeep(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [mask(key, secrets), maskDeep(item, secrets)]),
  );
}

/** Shorter values are not masked: "no" or "42" stands in half of all texts. */
export const MASKED_SECRET_MIN_LENGTH = 6;

/** What a secret looks like where it is used: as given, as its schema read it, and a URL's password. */
export function secretForms(given: string, parsed: unknown): string[] {
  const forms = new Set([given, ...(typeof parsed === "string" ? [parsed] : [])]);
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:([^/?#@]+)@/i.exec(given)?.[1];
  if (password !== undefined) {
    forms.add(password);
    forms.add(decoded(password));
  }
  return [...forms].filter((form) => form.length >= MASKED_SECRET_MIN_LENGTH);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
