import { hasLength, isVersion, type Rule, requireRules } from "./rules.ts";

interface BundleManifest {
  name: string;
  version: string;
  description: string;
  author: { name: string };
  server: { mcp_config: { env: Record<string, string> } };
  tools: { name: string }[];
  user_config: Record<
    string,
    { type: string; title: string; description: string; default?: string | number | boolean }
  >;
}

const TYPES = ["string", "number", "boolean", "directory", "file"];

/**
 * The rules of `schemas/mcpb-manifest-v0.3.schema.json` (npm: @anthropic-ai/mcpb) that what we write
 * could break; and that what the environment takes from the form is in the form.
 */
export function checkBundleManifest(manifest: BundleManifest): void {
  const { name, version, description, author, server, user_config: fields } = manifest;
  const references = Object.values(server.mcp_config.env).map(
    (value) => /^\$\{user_config\.(.+)\}$/.exec(value)?.[1] ?? "",
  );
  requireRules("manifest.json", [
    [`name "${name}" must be lower case with hyphens`, /^[a-z0-9][a-z0-9-]*$/.test(name)],
    [`version "${version}" must be exact, like 1.2.3`, isVersion(version)],
    ["description must not be empty", hasLength(description, 1, Number.POSITIVE_INFINITY)],
    ["author must have a name", author.name !== ""],
    ["two variables differ only in case", new Set(references).size === references.length],
    ...references.map((key): Rule => [`${key} is not in user_config`, key in fields]),
    ...Object.entries(fields).flatMap(([key, field]): Rule[] => [
      [`${key} has no type of the schema`, TYPES.includes(field.type)],
      [`${key} has no title or description`, field.title !== "" && field.description !== ""],
      [`the default of ${key} is no ${field.type}`, isDefault(field)],
    ]),
  ]);
}

const isDefault = ({ type, default: value }: BundleManifest["user_config"][string]) =>
  value === undefined || (typeof value === type && !Number.isNaN(value));
