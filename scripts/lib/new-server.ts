import { existsSync } from "node:fs";
import { join } from "node:path";
import { countFrom, UsageError } from "./args.ts";
import { SharedError } from "./copy/errors.ts";
import { asObject } from "./copy/json.ts";
import { listModules, withNeeds } from "./copy/modules.ts";
import { listServers, readManifest } from "./copy/servers.ts";
import { shortName } from "./generate/facts.ts";
import { serverNames } from "./projects.ts";
import { modelModules, type NewServer } from "./template.ts";

export interface NewServerRequest {
  name: string;
  title?: string | undefined;
  port?: number | undefined;
  /** Modules beside those that every new server takes. */
  shared: readonly string[];
}

const FIRST_PORT = 3001;
/** With the longest prefix of clients the example tool's name must fit in 64 characters. */
const MAX_NAME_LENGTH = 50;

/** What will be written, or an error that says what is wrong with the request; nothing is written. */
export function planServer(root: string, request: NewServerRequest): NewServer {
  const { name, port = nextPort(root) } = request;
  checkName(root, name);
  const holder = portsIn(root).get(port);
  if (holder) throw new UsageError(`port ${port} is ${holder}'s; ${nextPort(root)} is free`);
  const shared = [...new Set([...modelModules(root), ...request.shared])].sort();
  withNeeds(listModules(root), shared);
  return { name, port, shared, title: request.title ?? titleOf(name) };
}

function checkName(root: string, name: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new UsageError(
      `"${name}" is no name for a server: lower case words with hyphens between`,
    );
  if (!name.endsWith("-server"))
    throw new UsageError(`names of servers end in "-server": take "${name}-server"`);
  if (name.length > MAX_NAME_LENGTH)
    throw new UsageError(`"${name}" is longer than ${MAX_NAME_LENGTH} characters`);
  if (existsSync(join(root, "servers", name))) throw new UsageError(`servers/${name} exists`);
  const other = serverNames(root).find((one) => shortName(one) === shortName(name));
  if (other) throw new UsageError(`${other} is known as "${shortName(name)}" already`);
}

/** "tide-level-server" is "Tide level". */
function titleOf(name: string): string {
  const words = shortName(name).replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function portsIn(root: string): Map<number, string> {
  const ports = listServers(root).map((server): [number, string] => {
    const { port } = asObject(readManifest(server).flotilla ?? {}, "flotilla");
    return [Number(port), server.name];
  });
  return new Map(ports);
}

function nextPort(root: string): number {
  const taken = portsIn(root);
  let port = FIRST_PORT;
  while (taken.has(port)) port++;
  return port;
}

/** Reads --port. */
export function parsePort(text: string | undefined): number | undefined {
  return text === undefined ? undefined : countFrom("--port", text, 65_535);
}

/** Reads --shared. */
export function parseModules(text: string | undefined): string[] {
  const names = (text ?? "").split(",").map((name) => name.trim());
  return names.filter((name) => name !== "");
}

/** A step that failed leaves the folder as it is: what it lacks can be done by hand. */
export const stepFailed = (name: string, step: string, why: string): SharedError =>
  new SharedError(`servers/${name} is written, but ${step} failed:\n${why.trimEnd()}`);
