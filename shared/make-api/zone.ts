import * as z from "zod";
import { tagKind } from "#shared/core/variable-kind.ts";

/** Where organisations of Make's cloud live; an organisation is in one of them. */
export const ZONES = [
  "eu1.make.com",
  "eu2.make.com",
  "us1.make.com",
  "us2.make.com",
  "eu1.make.celonis.com",
  "us1.make.celonis.com",
] as const;

const API_PATH = "/api/v2/";

/** Longest address that is taken. */
const MAX_ADDRESS = 300;

/**
 * A zone as its host, or the whole address of an instance of one's own. A host that is no zone of
 * Make's is refused: a slip of the pen would send the token to somebody else.
 */
export const zone = () =>
  tagKind(
    z
      .string()
      .max(MAX_ADDRESS)
      .refine(
        (text) => zoneAddress(text) !== undefined,
        `expected one of ${ZONES.join(", ")}, or the whole address of an instance of your own`,
      ),
    // what is plainly right: a start that only lists tools need not load this
    { pattern: `^(${ZONES.join("|").replaceAll(".", "\\.")})$` },
  );

const isZone = (text: string): boolean => (ZONES as readonly string[]).includes(text);

/** The base address of the API in a zone; undefined for what is neither zone nor address. */
export function zoneAddress(text: string): string | undefined {
  if (isZone(text)) return `https://${text}${API_PATH}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  // a token over plain HTTP is only for what does not leave the machine
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) return undefined;
  return new URL(API_PATH, url).href;
}
