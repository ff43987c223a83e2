import { prettyJson } from "./canonical-json.ts";
import { type ServerFacts, stdioVariables, type VariableFacts } from "./facts.ts";
import { checkServerJson } from "./server-json-rules.ts";

const SERVER_SCHEMA =
  "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/** `server.json`: what the MCP Registry knows of the server. */
export function renderServerJson(facts: ServerFacts): string {
  const { server, package: own } = facts;
  const value = {
    $schema: SERVER_SCHEMA,
    name: own.mcpName,
    title: server.title,
    description: server.description,
    version: server.version,
    repository: {
      url: own.repository,
      source: new URL(own.repository).hostname.replace(/\.[a-z]+$/, ""),
      subfolder: own.directory,
    },
    packages: [
      {
        registryType: "npm",
        identifier: facts.name,
        version: server.version,
        runtimeHint: "npx",
        transport: { type: "stdio" },
        environmentVariables: stdioVariables(facts).map(environmentVariable),
      },
    ],
  };
  checkServerJson(value);
  return prettyJson(value);
}

function environmentVariable(variable: VariableFacts) {
  const { name, describe, from, required, secret, type, choices } = variable;
  return {
    name,
    description: from ? `${describe}. From ${from}` : describe,
    isRequired: required,
    isSecret: secret,
    format: type,
    ...(variable.default !== undefined && !secret && { default: variable.default }),
    ...(choices && { choices }),
  };
}
