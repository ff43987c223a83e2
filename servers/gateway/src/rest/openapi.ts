import type { JsonObject, ToolListing } from "#shared/core/contract.ts";
import type { AccessSettings } from "../access/settings.ts";
import { joinName } from "../aggregate/names.ts";
import { digestOf } from "../pins/digest.ts";
import type { MountView } from "../policy/mount-view.ts";
import { FIXED_SCHEMAS, problemResponses } from "./openapi-parts.ts";
import { securityOf } from "./openapi-security.ts";
import { rehome } from "./rehome.ts";
import { RAW_TYPE } from "./request.ts";

export interface OpenApiOptions {
  title: string;
  version: string;
  description: string;
  /** Where clients reach the gateway; absent: where they have this document from. */
  publicUrl?: string | undefined;
  access?: AccessSettings | undefined;
}

const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The tools of these mounts as an OpenAPI 3.1 document. */
export function openApiOf(
  mounts: readonly MountView[],
  { title, version, description, publicUrl, access }: OpenApiOptions,
): JsonObject {
  const proof = securityOf(access);
  const schemas: Record<string, JsonObject> = { ...FIXED_SCHEMAS };
  const paths: Record<string, JsonObject> = {};
  for (const mount of mounts) {
    paths[`/${mount.name}/tools`] = { get: listOperation(mount) };
    for (const tool of mount.catalogue.tools) {
      const name = `${mount.name}.${tool.name}`;
      Object.assign(schemas, rehome(`${name}.input`, tool.inputSchema));
      if (tool.outputSchema) Object.assign(schemas, rehome(`${name}.output`, tool.outputSchema));
      paths[`/${mount.name}/tools/${tool.name}`] = { post: callOperation(mount, tool, name) };
    }
  }
  return {
    openapi: "3.1.1",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: { title, version, description },
    servers: [{ url: publicUrl?.replace(/\/$/, "") ?? "/" }],
    tags: mounts.map(({ name, catalogue }) => ({
      name,
      description: catalogue.description || catalogue.title,
    })),
    ...(proof && { security: proof.security }),
    paths,
    components: {
      schemas,
      responses: problemResponses(),
      ...(proof && { securitySchemes: proof.schemes }),
    },
  };
}

function listOperation({ name }: MountView): JsonObject {
  return {
    operationId: `${name}__list_tools_of_server`,
    tags: [name],
    summary: `List the tools of ${name}`,
    responses: {
      "200": {
        description: "The tools, as MCP lists them",
        content: { "application/json": { schema: schemaRef("ToolList") } },
      },
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function callOperation({ name: server, prefix }: MountView, tool: ToolListing, name: string) {
  const { required } = tool.inputSchema;
  const result = schemaRef(tool.outputSchema ? `${name}.output` : "Content");
  return {
    operationId: joinName(prefix === "" ? server : prefix, tool.name),
    tags: [server],
    summary: tool.title,
    description: tool.description,
    requestBody: {
      required: Array.isArray(required) && required.length > 0,
      content: { "application/json": { schema: schemaRef(`${name}.input`) } },
    },
    responses: {
      "200": {
        description: "The result",
        content: {
          "application/json": { schema: result },
          [RAW_TYPE]: { schema: schemaRef("CallToolResult") },
          "text/event-stream": { schema: { type: "string" } },
        },
      },
      "409": { $ref: "#/components/responses/InputRequired" },
      "422": { $ref: "#/components/responses/Invalid" },
      "503": { $ref: "#/components/responses/Unavailable" },
      default: { $ref: "#/components/responses/Problem" },
    },
    "x-mcp": { annotations: tool.annotations, definitionHash: digestOf(tool) },
  };
}
