import type { ToolResult } from "./bridge.ts";

export interface Failure {
  message: string;
  /** Places that an ambiguous name may mean. */
  candidates: readonly { place: string; name: string }[];
}

/** The error in the text of a failed call: JSON of this server, or the words of a host. */
export function failureOf({ isError, content }: ToolResult): Failure | undefined {
  if (!isError) return undefined;
  const text = content?.[0]?.text ?? "The forecast failed.";
  try {
    const { message, details } = JSON.parse(text).error;
    const candidates = details?.candidates ?? [];
    const choose =
      candidates.length > 0 ? "Several places have this name. Which one is meant?" : "";
    return { message: choose || String(message), candidates };
  } catch {
    return { message: text, candidates: [] };
  }
}
