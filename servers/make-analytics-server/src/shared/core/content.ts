// Copied from shared/core/content.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { ContentBlock, JsonObject } from "./contract.ts";

/**
 * A result with content of its own beside, or in place of, the structured value: what a handler
 * returns when text in JSON does not say it all.
 */
export class RichResult<T = undefined> {
  readonly structured: T;
  readonly content: readonly ContentBlock[];
  readonly meta: JsonObject | undefined;

  constructor(structured: T, content: readonly ContentBlock[], meta?: JsonObject) {
    this.structured = structured;
    this.content = content;
    this.meta = meta;
  }
}

/** The structured result, with blocks that come after its JSON text. */
export function withContent<T extends JsonObject>(
  structured: T,
  ...content: ContentBlock[]
): RichResult<T> {
  return new RichResult(structured, content);
}

/** A result of blocks alone, for a tool without an output schema. */
export function onlyContent(...content: ContentBlock[]): RichResult {
  return new RichResult(undefined, content);
}

export const text = (value: string): ContentBlock => ({ type: "text", text: value });

const base64 = (data: Uint8Array | string) =>
  typeof data === "string" ? data : Buffer.from(data).toString("base64");

/** `data` is bytes, or base64 already. */
export const image = (data: Uint8Array | string, mimeType: string): ContentBlock => ({
  type: "image",
  data: base64(data),
  mimeType,
});

/** `data` is bytes, or base64 already. */
export const audio = (data: Uint8Array | string, mimeType: string): ContentBlock => ({
  type: "audio",
  data: base64(data),
  mimeType,
});
