import { SharedError } from "./errors.ts";
import { openScratch } from "./files.ts";
import { openGit } from "./git.ts";
import type { FileOptions } from "./promote.ts";
import { inTurn } from "./turn.ts";
import { type Picked, pickCopy } from "./which.ts";
import { record, recordEntry, type Work } from "./write.ts";

/** Records that one copy is different on purpose; returns what was done. */
export async function detachCopy(options: FileOptions & { reason: string }): Promise<string> {
  const reason = options.reason.trim().replace(/\s+/g, " ");
  if (reason === "") throw new SharedError("a detached file needs a reason: --reason must say one");
  return withPicked(options, (work, { view, path }) => {
    const entry = view.lock.get(path);
    const file = view.files.get(path);
    const step = view.steps.find((one) => one.path === path);
    if (!step || !("copy" in step) || !step.copy) {
      throw new SharedError(`there is no ${path} in ${view.server.name} to detach`);
    }
    if (entry) recordEntry(work, path, { ...entry, detached: reason });
    else if (file) {
      work.git.store([file]);
      record(work, file, reason);
    }
    return `servers/${view.server.name}/${path} is detached: ${reason}`;
  });
}

/** Takes the detachment back; a local change counts as an edit again. */
export async function attachCopy(options: FileOptions): Promise<string> {
  return withPicked(options, (work, { view, path }) => {
    const entry = view.lock.get(path);
    const where = `servers/${view.server.name}/${path}`;
    if (!entry?.detached) throw new SharedError(`${where} is not detached`);
    const { detached, ...rest } = entry;
    recordEntry(work, path, rest);
    return `${where} is attached again (it was detached: ${detached})`;
  });
}

async function withPicked(
  { root, server, file }: FileOptions,
  act: (work: Work, picked: Picked) => string,
): Promise<string> {
  return inTurn(root, () => {
    const picked = pickCopy(root, server, file);
    const { server: own, lock } = picked.view;
    const scratch = openScratch(own.folder);
    try {
      return act({ server: own, lock, git: openGit(root), scratch }, picked);
    } finally {
      scratch.close();
    }
  });
}
