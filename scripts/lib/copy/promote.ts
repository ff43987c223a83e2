import { join } from "node:path";
import { type Content, toContent } from "./content.ts";
import { SharedError } from "./errors.ts";
import { openScratch, readPlain, replaceFile, type Scratch } from "./files.ts";
import { openGit } from "./git.ts";
import { readLock } from "./lock.ts";
import { mergeThreeWays } from "./merge.ts";
import { type SourceFile, withContent } from "./modules.ts";
import { listServers } from "./servers.ts";
import type { DifferentStep } from "./state.ts";
import { inTurn } from "./turn.ts";
import { type Picked, pickCopy } from "./which.ts";
import { problemWith } from "./words.ts";
import { record, type Work, writeCopy } from "./write.ts";

export interface FileOptions {
  readonly root: string;
  readonly server: string;
  /** The copy's path in the server, or its source's in shared/. */
  readonly file: string;
}

/** What was done, a line each. */
export interface Outcome {
  readonly failed: boolean;
  readonly lines: readonly string[];
}

/** Takes the local change of one copy back to shared/. */
export async function promoteCopy(options: FileOptions): Promise<Outcome> {
  const { root, server, file } = options;
  return inTurn(root, () => {
    const picked = pickCopy(root, server, file);
    const step = promotable(picked);
    const inServer = openScratch(picked.view.server.folder);
    const inShared = openScratch(join(root, "shared"));
    const { server: own, lock } = picked.view;
    try {
      const work: Work = { server: own, lock, git: openGit(root), scratch: inServer };
      const merged = step.kind === "merge" ? mergeIntoSource(work, step) : undefined;
      const next = withContent(step.file, merged?.content ?? step.copy.content);
      writeSource(root, inShared, step.file, next);
      if (merged && !merged.clean) return conflictIn(step, server);
      work.git.store([next]);
      writeCopy(work, next, step.copy, next.content);
      record(work, next);
      return { failed: false, lines: promotedLines(root, work, next, merged?.content) };
    } finally {
      inServer.close();
      inShared.close();
    }
  });
}

function writeSource(root: string, scratch: Scratch, before: SourceFile, after: SourceFile): void {
  const folder = join(root, "shared");
  const { source: path, executable } = after;
  const seen = readPlain(folder, path);
  if (!seen || !toContent(seen).body.equals(before.content.body)) {
    throw new SharedError(`shared/${path} changed just now: run again`);
  }
  replaceFile(scratch, { folder, path, seen, next: after.content.body, executable });
}

function promotable({ view, path }: Picked): DifferentStep {
  const where = `servers/${view.server.name}/${path}`;
  const step = view.steps.find((one) => one.path === path);
  if (step?.kind === "edited" || step?.kind === "merge") return step;
  if (!step || ["current", "stale-record", "behind"].includes(step.kind)) {
    throw new SharedError(`nothing to promote: ${where} has no local change`);
  }
  throw new SharedError(`cannot promote: ${where} ${problemWith(step, view.server.name)}`);
}

function mergeIntoSource(
  { git, server, scratch }: Work,
  { file, copy, entry, path }: DifferentStep,
) {
  if (!file.content.text || !copy.content.text) {
    throw new SharedError(`shared/${file.source} changed too, is binary and cannot be merged`);
  }
  const base = git.blob(entry.blob, true);
  if (!base) throw new SharedError(`${path} is left untouched: ${git.howToGet(entry.blob)}`);
  return mergeThreeWays(
    scratch,
    { body: file.content.body, label: `shared/${file.source}` },
    { body: base, label: `what shared/${entry.source} was, blob ${entry.blob}` },
    { body: copy.content.body, label: `servers/${server.name}/${path}` },
  );
}

function conflictIn({ file, path }: DifferentStep, server: string): Outcome {
  const lines = [
    `shared/${file.source} changed too and could not be merged: resolve the markers there`,
    `servers/${server}/${path} is as it was: then delete it and run "pnpm shared:copy ${server}"`,
  ];
  return { failed: true, lines };
}

function promotedLines(root: string, work: Work, file: SourceFile, merged: Content | undefined) {
  const { name } = work.server;
  const how = merged ? "merged into" : "written to";
  const done = `servers/${name}/${file.path} ${how} shared/${file.source}, and is current`;
  const behind = listServers(root)
    .filter((other) => other.name !== name)
    .filter(({ folder }) =>
      [...readLock(folder).values()].some(
        ({ source, blob }) => source === file.source && blob !== file.blob,
      ),
    )
    .map((other) => other.name);
  if (behind.length === 0) return [done];
  return [done, `now behind: ${behind.join(", ")}; run "pnpm shared:copy ${behind.join(" ")}"`];
}
