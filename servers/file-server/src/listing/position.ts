import * as z from "zod";

/**
 * Where a page ended: the last name, so that files which come and go neither repeat nor skip others.
 * In base64url, because the cursor's JSON would write a strange name at six times its length.
 */
export const packText = (text: string): string => Buffer.from(text).toString("base64url");
export const unpackText = (packed: string): string => Buffer.from(packed, "base64url").toString();

export const packedText = z.string().transform(unpackText);
