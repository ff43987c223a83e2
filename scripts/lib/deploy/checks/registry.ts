import * as z from "zod";
import { bySchema } from "./parts.ts";

const text = (max: number) => z.string().min(1).max(max);
const version = text(255).regex(/^(?!latest$)[^\s^~<>=*|]+$/, "an exact version");
const variable = z.strictObject({
  name: text(255),
  description: z.string().optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  format: z.enum(["string", "number", "boolean", "filepath"]).optional(),
  default: z.string().optional(),
  placeholder: z.string().optional(),
  choices: z.array(z.string()).optional(),
});
const transport = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("stdio") }),
  z.strictObject({ type: z.enum(["streamable-http", "sse"]), url: z.url() }),
]);

/** What the registry's schema 2025-12-11 asks, and that a bundle has its hash. */
export const registryCheck = bySchema(
  "json",
  z.strictObject({
    $schema: z.literal(
      "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    ),
    name: text(200).regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/, "namespace/name"),
    title: text(100).optional(),
    description: text(100),
    version,
    websiteUrl: z.url().optional(),
    repository: z.strictObject({
      url: z.url(),
      source: z.enum(["github", "gitlab"]),
      id: z.string().optional(),
      subfolder: z.string().optional(),
    }),
    packages: z.array(
      z
        .strictObject({
          registryType: z.enum(["npm", "pypi", "nuget", "oci", "mcpb"]),
          identifier: text(1_000),
          version: version.optional(),
          registryBaseUrl: z.url().optional(),
          runtimeHint: z.string().optional(),
          fileSha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
          transport,
          environmentVariables: z.array(variable).optional(),
        })
        .refine(({ registryType, fileSha256 }) => registryType !== "mcpb" || fileSha256, {
          error: "a bundle needs its fileSha256",
        }),
    ),
  }),
);
