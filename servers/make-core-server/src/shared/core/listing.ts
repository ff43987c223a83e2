// Copied from shared/core/listing.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import * as z from "zod";
import type {
  JsonObject,
  PromptListing,
  ResourceListing,
  ResourceTemplateListing,
  ToolAnnotations,
  ToolEntry,
} from "./contract.ts";
import type { Annotations, AnyPrompt, AnyResource, AnyTool } from "./definition.ts";

/** JSON Schema 2020-12; `$schema` is left out because it is the protocol's default. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return rest;
}

const statedAnnotations = (hints: Annotations): ToolAnnotations => ({
  readOnlyHint: hints.readOnlyHint,
  destructiveHint: hints.readOnlyHint ? false : hints.destructiveHint,
  idempotentHint: hints.idempotentHint,
  openWorldHint: hints.openWorldHint,
});

/** A tool as the protocol lists it. Costs about 0.1 ms, so it is made once a tool. */
export function toolEntry(tool: AnyTool): ToolEntry {
  const {
    name,
    title,
    description,
    inputSchema,
    outputSchema,
    annotations,
    toolset,
    feature,
    _meta,
  } = tool;
  return {
    listing: {
      name,
      title,
      description,
      inputSchema: jsonSchema(inputSchema, "input"),
      ...(outputSchema && { outputSchema: jsonSchema(outputSchema, "output") }),
      annotations: statedAnnotations(annotations),
      ...(_meta && { _meta }),
    },
    ...(toolset !== undefined && { toolset }),
    ...(feature !== undefined && { feature }),
  };
}

const described = ({ name, title, description, mimeType, _meta }: AnyResource) => ({
  name,
  title,
  description,
  ...(mimeType !== undefined && { mimeType }),
  ...(_meta && { _meta }),
});

export function resourceListings(resources: readonly AnyResource[]): ResourceListing[] {
  return resources.flatMap((resource) =>
    "uri" in resource
      ? [
          {
            uri: resource.uri,
            ...described(resource),
            ...(resource.size !== undefined && { size: resource.size }),
          },
        ]
      : [],
  );
}

export function templateListings(resources: readonly AnyResource[]): ResourceTemplateListing[] {
  return resources.flatMap((resource) =>
    "uriTemplate" in resource
      ? [{ uriTemplate: resource.uriTemplate, ...described(resource) }]
      : [],
  );
}

export function promptListing({
  name,
  title,
  description,
  arguments: schema,
}: AnyPrompt): PromptListing {
  const { properties = {}, required = [] } = z.toJSONSchema(schema as z.ZodObject, { io: "input" });
  const args = Object.entries(properties).map(([key, property]) => ({
    name: key,
    description: typeof property === "object" ? (property.description ?? "") : "",
    required: required.includes(key),
  }));
  return { name, title, description, arguments: args };
}
