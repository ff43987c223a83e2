/** Every place that a server can be shipped to, by the name that "targets" and --target take. */
export const TARGET_NAMES = [
  "container",
  "cloud-run",
  "fly",
  "render",
  "railway",
  "azure-container-apps",
  "aws-ecs",
  "aws-agentcore",
  "kubernetes",
  "cloudflare-workers",
  "deno",
  "vercel",
  "npm",
  "mcpb",
  "mcp-registry",
] as const;

export type TargetName = (typeof TARGET_NAMES)[number];
