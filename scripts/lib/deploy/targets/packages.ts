import { renderBundleManifest } from "../../generate/bundle-manifest.ts";
import { renderServerJson } from "../../generate/server-json.ts";
import type { Shipment } from "../shipment.ts";
import { step, type Target } from "../target.ts";

const nameOf = ({ facts: { name, server } }: Shipment) => `${name}-${server.version}`;

export const npm: Target = {
  name: "npm",
  title: "npm package",
  files: () => ({}),
  tools: [{ names: ["npm"], from: "https://nodejs.org" }],
  pullsImage: false,
  takesBuild: true,
  packed: true,
  steps: (shipment) => [step(`npm publish ${nameOf(shipment)}.tgz --access public`)],
};

export const mcpb: Target = {
  name: "mcpb",
  title: ".mcpb bundle for desktop clients",
  files: ({ facts }) => ({ "manifest.json": renderBundleManifest(facts) }),
  tools: [{ names: ["gh"], from: "https://cli.github.com" }],
  pullsImage: false,
  takesBuild: true,
  packed: true,
  steps: (shipment) => {
    const { name, server } = shipment.facts;
    const release = `${name}-v${server.version}`;
    return [step(`gh release upload ${release} ${nameOf(shipment)}.mcpb --clobber`)];
  },
};

export const mcpRegistry: Target = {
  name: "mcp-registry",
  title: "MCP registry",
  files: ({ facts }) => ({ "server.json": renderServerJson(facts) }),
  tools: [{ names: ["mcp-publisher"], from: "https://github.com/modelcontextprotocol/registry" }],
  pullsImage: false,
  steps: () => [step("mcp-publisher publish")],
};
