import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import * as z from "zod";
import { messageOf } from "../../unknown.ts";

/** Says what is wrong with the text of a file; nothing when it is right. */
export type FileCheck = (text: string, path: string) => string[] | Promise<string[]>;

const READERS = {
  yaml: (text: string): unknown => parseYaml(text),
  toml: (text: string): unknown => parseToml(text),
  json: (text: string): unknown => JSON.parse(text),
  /** Ours has one comment, at the top. */
  jsonc: (text: string): unknown => JSON.parse(text.replace(/^\/\/.*\n/, "")),
};

/** A schema of zod, whichever copy of zod made it. */
interface Schema {
  safeParse(value: unknown): {
    success: boolean;
    error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] };
  };
}

/** A check by a schema. What a host would not know is refused, because a slip of the pen is just that. */
export function bySchema(format: keyof typeof READERS, schema: Schema): FileCheck {
  return (text) => {
    try {
      const issues = schema.safeParse(READERS[format](text)).error?.issues ?? [];
      return issues.map(({ path, message }) => `${path.map(String).join(".") || "it"}: ${message}`);
    } catch (error) {
      return [`is no ${format}: ${messageOf(error)}`];
    }
  };
}

export const port = z.int().min(1).max(65_535);
export const variableName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "a name of a variable");
/** Registry, path and tag; a tag that moves would make a rollback a lie. */
export const image = z
  .string()
  .regex(
    /^[a-z0-9.:-]+(\/[a-z0-9._-]+)+:(?!latest$)[\w.-]+$/,
    "an image with a tag that is not latest",
  );
export const path = z.string().regex(/^\/[\w/-]*$/, "a path from the root");
export const plainVariables = z.record(variableName, z.string());
