/** Replaces each secret in a text. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
