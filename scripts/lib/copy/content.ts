import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";

/** What a file says, whatever its line ends on this machine: text is always LF here. */
export interface Content {
  readonly body: Buffer;
  readonly text: boolean;
}

export function toContent(raw: Buffer): Content {
  if (raw.includes(0) || !isUtf8(raw)) return { body: raw, text: false };
  if (!raw.includes("\r\n")) return { body: raw, text: true };
  return { body: Buffer.from(raw.toString("utf8").replaceAll("\r\n", "\n")), text: true };
}

/** The id git gives this content, worked out without git. */
export function blobId(body: Buffer): string {
  return createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex");
}

export function sha256(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Lines that only an unresolved conflict has. "=======" alone also underlines a heading. */
export function countMarkers(content: Content): number {
  if (!content.text) return 0;
  return content.body.toString("utf8").match(/^(<{7}|\|{7}|>{7}) /gm)?.length ?? 0;
}

/** A whole conflict, as git leaves it. */
export function hasConflict(content: Content): boolean {
  return content.text && /^<{7} .*^={7}$.*^>{7} /ms.test(content.body.toString("utf8"));
}
