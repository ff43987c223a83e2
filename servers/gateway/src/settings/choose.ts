import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Env } from "#shared/mcp/environment.ts";
import { specsOfFolders } from "./folders.ts";
import { readGatewayFile } from "./read.ts";
import type { MountSpec } from "./spec.ts";

export const FILE_NAME = "gateway.json";

export interface Choice {
  /** The file that was named, if one was. */
  file?: string | undefined;
  /** Where an unnamed file may be. */
  root: string;
  /** What is mounted when there is no file. */
  servers: readonly string[];
}

/** What is to be mounted. Throws a StartError when the file, or a name, is wrong. */
export function chooseMounts({ file, root, servers }: Choice, env: Env): MountSpec[] {
  if (file !== undefined) return readGatewayFile(resolve(file), env);
  const found = join(root, FILE_NAME);
  return existsSync(found) ? readGatewayFile(found, env) : specsOfFolders(servers);
}
