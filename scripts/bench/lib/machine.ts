import { execFileSync } from "node:child_process";
import { arch, cpus, platform, totalmem } from "node:os";

/** The shape of the machine; not its name, which is nobody's business. */
export function machine(): string {
  const all = cpus();
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  const model = all[0]?.model.trim() ?? "unknown processor";
  return `${all.length} cores (${model}), ${gib} GiB, ${platform()} ${arch()}`;
}

/** Asks a binary for its version, because it need not be the one that runs this. */
export function versionOf(node: string): string {
  if (node === process.execPath) return process.versions.node;
  return execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
}

/** What was typed, but for where a Node lies on this machine. */
export function commandLine(name: string, argv: readonly string[]): string {
  const words = argv.map((one, at) => (argv[at - 1] === "--node" ? `node-${versionOf(one)}` : one));
  return ["pnpm bench", name, ...words].join(" ");
}
