import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Env } from "#shared/mcp/environment.ts";
import type { Inputs } from "../remembered/inputs.ts";
import { specsOfFolders } from "./folders.ts";
import { readGatewayFile } from "./read.ts";
import { type GatewaySettings, OWN_DEFAULTS } from "./spec.ts";

export const FILE_NAME = "gateway.json";

export interface Choice {
  /** The file that was named, if one was. */
  file?: string | undefined;
  /** Where an unnamed file may be: a folder that is the gateway's own, since a file can name commands. */
  root: string;
  /** What is mounted when there is no file. */
  servers: readonly string[];
  /** Is told of what is read. */
  inputs?: Inputs | undefined;
}

/** The gateway.json that counts: the one that was named, else the one in the folder, if there is one. */
export function settingsFile({ file, root, inputs }: Omit<Choice, "servers">): string | undefined {
  if (file !== undefined) return resolve(file);
  const found = join(root, FILE_NAME);
  inputs?.file(found);
  return existsSync(found) ? found : undefined;
}

/** What is to be mounted. Throws a StartError when the file is wrong. */
export function chooseSettings(choice: Choice, env: Env): GatewaySettings {
  const file = settingsFile(choice);
  if (file !== undefined) return readGatewayFile(file, env, choice.inputs);
  return { ...specsOfFolders(choice.servers), ...OWN_DEFAULTS };
}
