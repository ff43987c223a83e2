/**
 * Where a page ended: the last name, so that files which come and go neither repeat nor skip others.
 * In base64url, because the cursor's JSON would write a strange name at six times its length.
 */
export const packText = (text: string): string => Buffer.from(text).toString("base64url");

/** Reads such a name of a cursor; throws on anything else. */
export const packedText = {
  parse(value: unknown): string {
    if (typeof value !== "string") throw new TypeError("no name");
    return Buffer.from(value, "base64url").toString();
  },
};
