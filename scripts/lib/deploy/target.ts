import type { Resources } from "./config-schema.ts";
import type { Shipment } from "./shipment.ts";
import type { TargetName } from "./target-names.ts";

/** A command of a host's own program. */
export interface Step {
  command: string;
  args: string[];
}

/** A program that a host gives its users; one of its names has to be on the PATH. */
export interface Tool {
  names: readonly string[];
  /** Where to get it. */
  from: string;
}

export interface Target {
  name: TargetName;
  title: string;
  /** Files in the server's folder, by path. Made of the shipment alone, so that they can be checked. */
  files(shipment: Shipment): Record<string, string>;
  tools: readonly Tool[];
  /** What the host gives, and asks money for, when this is asked: hosts sell steps. */
  sold?(resources: Resources): Resources;
  /** The host pulls an image, which is built and pushed first. */
  pullsImage: boolean;
  /** The host is given the built files. */
  takesBuild?: boolean;
  /** What is published is packed first: `<name>-<version>.tgz` and `.mcpb` stand in the stage. */
  packed?: boolean;
  /** What only the owner of an account knows, as a variable of the environment, and what it is. */
  needs?: Readonly<Record<string, string>>;
  /** Run in the staged copy of the server's folder, which holds `files`, one after another. */
  steps(shipment: Shipment): Step[];
  /** Back to what ran before, where the host remembers it; else the former image is shipped again. */
  rollback?(shipment: Shipment): Step[];
}

/** A command written as in a shell, without quotes: no word of ours has a space in it. */
export function step(line: string): Step {
  const [command = "", ...args] = line.split(" ");
  return { command, args };
}

/** Stands for a variable of `needs` until the files and commands are used. */
export const given = (name: string): string => `\${${name}}`;
