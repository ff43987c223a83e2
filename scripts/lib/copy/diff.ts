import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SharedError } from "./errors.ts";
import { runGit } from "./git.ts";
import { listModules } from "./modules.ts";
import { pickServers } from "./servers.ts";
import type { Step } from "./state.ts";
import { viewServer } from "./view.ts";

/** What every copy that differs from its source changes in it, as one patch. */
export function diffShared(root: string, names: readonly string[] = []): string {
  const modules = listModules(root);
  const scratch = mkdtempSync(join(tmpdir(), "flotilla-diff-"));
  try {
    return pickServers(root, names)
      .flatMap((server) =>
        viewServer(server, modules).steps.map((step) => diffOf(scratch, server.name, step)),
      )
      .join("");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function diffOf(scratch: string, server: string, step: Step): string {
  if (!("file" in step) || !step.copy || ["current", "stale-record"].includes(step.kind)) return "";
  const source = `shared/${step.file.source}`;
  const copy = `servers/${server}/${step.path}`;
  write(join(scratch, source), step.file.content.body);
  write(join(scratch, copy), step.copy.content.body);
  const args = ["diff", "--no-index", "--no-ext-diff", "--no-color", "--", source, copy];
  const { status, stdout, stderr } = runGit(scratch, args);
  if (status === 1) return stdout.toString("utf8");
  throw new SharedError(`git could not compare ${copy}: ${stderr?.toString("utf8") || "no git"}`);
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
