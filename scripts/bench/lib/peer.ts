import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../lib/run.ts";
import { isRecord } from "../../lib/unknown.ts";
import { say } from "./report.ts";

const folder = join(import.meta.dirname, "..");
const INSTALL_SECONDS = 300;

const modified = (path: string) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Brings the peers when they are not there. Without them the run goes on, each named as skipped. */
export async function installPeers(): Promise<void> {
  const installed = modified(join(folder, "node_modules", ".modules.yaml"));
  if (installed > 0 && installed >= modified(join(folder, "pnpm-lock.yaml"))) return;
  say("install scripts/bench: the servers to compare with");
  const args = ["-y", "pnpm@12", "install", "--frozen-lockfile"];
  const result = await run("npx", args, { cwd: folder, timeoutSeconds: INSTALL_SECONDS });
  if (!result.ok) say(`The peers could not be installed:\n${result.output.slice(-2_000)}`);
}

/** A file of this folder that is no part of a peer: `peers/sdk.mjs`. */
export const ownFile = (name: string): string => join(folder, "peers", name);

/** Where a file of an installed peer is. */
export const peerFile = (peer: string, file: string): string =>
  join(folder, "node_modules", peer, file);

function manifestOf(peer: string): Record<string, unknown> | undefined {
  const file = peerFile(peer, "package.json");
  if (!existsSync(file)) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  return isRecord(manifest) ? manifest : undefined;
}

/** The peer's name with its version; its bare name when it is not installed. */
export function peerLabel(peer: string): string {
  const version = manifestOf(peer)?.version;
  return typeof version === "string" ? `${peer} ${version}` : peer;
}

/** Why a peer cannot be measured on this Node; undefined when nothing is against it. */
export function peerFault(peer: string, nodeVersion: string): string | undefined {
  const manifest = manifestOf(peer);
  if (!manifest) return "is not installed";
  const wanted = isRecord(manifest.engines) ? manifest.engines.node : undefined;
  if (typeof wanted !== "string" || satisfies(nodeVersion, wanted)) return undefined;
  return `wants Node ${wanted}, this is ${nodeVersion}`;
}

/** Only the form that peers use: `>=22.5.0`. Any other is taken as fulfilled, and the start will tell. */
export function satisfies(version: string, range: string): boolean {
  const least = /^>=\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(range.trim());
  if (!least) return true;
  const wanted = least.slice(1).map((part) => Number(part ?? 0));
  const given = version.split(".").map(Number);
  const at = wanted.findIndex((part, index) => part !== given[index]);
  return at === -1 || (given[at] ?? 0) > (wanted[at] ?? 0);
}
