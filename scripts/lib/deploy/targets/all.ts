import { UsageError } from "../../args.ts";
import type { Target } from "../target.ts";
import type { TargetName } from "../target-names.ts";
import { awsAgentcore } from "./aws-agentcore.ts";
import { awsEcs } from "./aws-ecs.ts";
import { azureContainerApps } from "./azure-container-apps.ts";
import { cloudRun } from "./cloud-run.ts";
import { cloudflareWorkers } from "./cloudflare-workers.ts";
import { container } from "./container.ts";
import { deno } from "./deno.ts";
import { fly } from "./fly.ts";
import { kubernetes } from "./kubernetes/kubernetes.ts";
import { mcpb, mcpRegistry, npm } from "./packages.ts";
import { railway } from "./railway.ts";
import { render } from "./render.ts";
import { vercel } from "./vercel.ts";

/** To add a target: its name in target-names.ts, its file here, its check in ../checks. */
export const TARGETS: Readonly<Record<TargetName, Target>> = {
  container,
  "cloud-run": cloudRun,
  fly,
  render,
  railway,
  "azure-container-apps": azureContainerApps,
  "aws-ecs": awsEcs,
  "aws-agentcore": awsAgentcore,
  kubernetes,
  "cloudflare-workers": cloudflareWorkers,
  deno,
  vercel,
  npm,
  mcpb,
  "mcp-registry": mcpRegistry,
};

export function targetNamed(name: string): Target {
  const found = Object.values(TARGETS).find((target) => target.name === name);
  if (found) return found;
  throw new UsageError(`Unknown target: ${name}. Known: ${Object.keys(TARGETS).join(", ")}`);
}
