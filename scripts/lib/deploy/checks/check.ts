import { readFileSync } from "node:fs";
import { join } from "node:path";
import { v0_3 } from "@anthropic-ai/mcpb";
import { validate } from "dockerfile-utils";
import * as z from "zod";
import { shippedFiles } from "../../git-files.ts";
import { messageOf } from "../../unknown.ts";
import { agentcoreCheck, azureCheck, ecsCheck } from "./clouds.ts";
import { compile, type Source } from "./compile.ts";
import { cloudRunCheck } from "./google.ts";
import {
  denoCheck,
  flyCheck,
  renderCheck,
  vercelFunctionCheck,
  vercelOutputCheck,
  wranglerCheck,
} from "./hosts.ts";
import { kubernetesSource } from "./kubernetes.ts";
import { kustomizationCheck } from "./kustomization.ts";
import { bySchema, type FileCheck } from "./parts.ts";
import { registryCheck } from "./registry.ts";

const dockerfileCheck: FileCheck = (text) =>
  validate(text).map(({ message }) => (typeof message === "string" ? message : message.value));
const nothingToCheck: FileCheck = () => [];

/** By the end of a file's path in its server's folder; the first that fits. */
const CHECKS: readonly (readonly [RegExp, FileCheck])[] = [
  [/^Dockerfile$/, dockerfileCheck],
  [/^server\.json$/, registryCheck],
  [/^manifest\.json$/, bySchema("json", v0_3.McpbManifestSchema)],
  [/^deploy\/cloud-run\.yaml$/, cloudRunCheck],
  [/^deploy\/fly\.toml$/, flyCheck],
  [/^deploy\/render\.yaml$/, renderCheck],
  [/^deploy\/azure-container-app\.yaml$/, azureCheck],
  [/^deploy\/aws-ecs-task\.json$/, ecsCheck],
  [/^deploy\/aws-agentcore\.json$/, agentcoreCheck],
  [/^deploy\/wrangler\.jsonc$/, wranglerCheck],
  [/^deploy\/deno\.json$/, denoCheck],
  [/^deploy\/vercel\/.*\/config\.json$/, vercelOutputCheck],
  [/^deploy\/vercel\/.*\/\.vc-config\.json$/, vercelFunctionCheck],
  // one line, which the test of the function runs
  [/^deploy\/vercel\/.*\/index\.js$/, nothingToCheck],
  [/^deploy\/kubernetes\/.*kustomization\.yaml$/, kustomizationCheck],
  [
    /^deploy\/kubernetes\/base\/gateway\.json$/,
    bySchema(
      "json",
      z.strictObject({ mcpServers: z.record(z.string(), z.strictObject({ url: z.url() })) }),
    ),
  ],
];

const COMPILED: readonly (readonly [RegExp, (path: string, text: string) => Source])[] = [
  [/^deploy\/kubernetes\/.*\.yaml$/, kubernetesSource],
  [/^\.railway\/railway\.ts$/, (path, code) => ({ path, code })],
];

const OURS = /^(Dockerfile|server\.json|manifest\.json|deploy\/.*|\.railway\/.*)$/;

export interface DeployReport {
  files: number;
  problems: string[];
}

/** Checks every file that is written for a host, without asking any host. */
export async function checkDeployFiles(root: string): Promise<DeployReport> {
  const paths = shippedFiles(root).filter((path) => OURS.test(inServer(path)));
  const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  return { files: files.length, problems: await checkTexts(root, files) };
}

/** The same for texts that need not be there; paths are relative to the root. */
export async function checkTexts(
  root: string,
  files: readonly { path: string; text: string }[],
): Promise<string[]> {
  const problems: string[] = [];
  const sources: Source[] = [];
  for (const { path, text } of files) {
    const check = CHECKS.find(([pattern]) => pattern.test(inServer(path)))?.[1];
    const source = COMPILED.find(([pattern]) => pattern.test(inServer(path)))?.[1];
    try {
      if (check) {
        const found = await check(text, join(root, path));
        problems.push(...found.map((problem) => `${path}: ${problem}`));
      } else if (source) sources.push(source(path, text));
      else problems.push(`${path}: no check knows this file`);
    } catch (error) {
      problems.push(`${path}: ${messageOf(error)}`);
    }
  }
  return [...problems, ...(await compile(root, sources))];
}

/** The path in the folder of the server; empty where it is in none. */
const inServer = (path: string) => /^servers\/[^/]+\/(.*)$/.exec(path)?.[1] ?? "";
