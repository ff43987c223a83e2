import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What keys begin with, so that they are found when they leak. */
const PREFIX = "gw";
const ID_BYTES = 6;
const SECRET_BYTES = 32;
const KEY = /^gw_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

export interface KeyParts {
  id: string;
  secret: string;
}

export const newId = (): string => randomBytes(ID_BYTES).toString("hex");
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");
export const keyText = ({ id, secret }: KeyParts): string => `${PREFIX}_${id}_${secret}`;

/** Reads `gw_<id>_<secret>`; undefined for anything else. */
export function parseKey(text: string): KeyParts | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

/**
 * What is kept of a secret. It has 256 random bits, so nobody finds it by trying, however fast one try
 * is: a slow password hash would protect nothing, and cost 30 ms of each call. With a pepper, which is
 * kept elsewhere, a stolen file alone does not even tell whether a guess is right.
 */
export function hashSecret(secret: string, pepper: string | undefined): string {
  const [name, hash] =
    pepper === undefined
      ? ["sha256", createHash("sha256")]
      : ["hmac-sha256", createHmac("sha256", pepper)];
  return `${name}:${hash.update(secret).digest("base64url")}`;
}

/** In a time that does not tell where the two differ. */
export function isSecret(secret: string, hash: string, pepper: string | undefined): boolean {
  const given = Buffer.from(hashSecret(secret, pepper));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}

export const needsPepper = (hash: string): boolean => hash.startsWith("hmac-sha256:");
