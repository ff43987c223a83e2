import { join } from "node:path";
import { readEntries } from "../sandbox/entries.ts";
import type { Node } from "../sandbox/node.ts";
import type { Place } from "../sandbox/place.ts";
import { TRASH_NAME } from "../sandbox/reserved.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { exists, removeFile, removeFolder, removeTree } from "./disk.ts";
import { EVERYTHING } from "./everything.ts";
import {
  BACKUP,
  type ChangeRecord,
  DONE,
  finishChange,
  isChangeId,
  PENDING,
  readRecord,
  withTrash,
} from "./journal.ts";

/** Age of a change that no process can still be at, milliseconds, though one has the number. */
export const ABANDONED_MS = 3_600_000;

/** Ends what processes left half done: no temporary file stays, and what was kept can be undone. */
export async function recover(sandbox: Sandbox, root: Place["root"]): Promise<void> {
  const isThere = await sandbox.withRoot(root, (folder) => exists({ folder, name: TRASH_NAME }));
  if (!isThere) return;
  await withTrash(sandbox, root, async (trash) => {
    const { shown } = await readEntries(trash, EVERYTHING);
    for (const { name } of shown) if (isChangeId(name)) await recoverOne(sandbox, trash, name);
  });
}

async function recoverOne(sandbox: Sandbox, trash: Node, name: string): Promise<void> {
  const node = await trash.enter(name).catch(() => undefined);
  if (!node?.stats.isDirectory()) return node?.release();
  try {
    const record = await readRecord(node, PENDING);
    if (!record || isAtWork(record, name)) return;
    const isDone =
      (await exists({ folder: node, name: DONE })) || (await settle(sandbox, node, record));
    if (isDone) await finishChange({ name, node }, record);
    else await removeTree({ folder: trash, name }, EVERYTHING);
  } catch {
    // the place cannot be reached any more: the record stays, and what it keeps
  } finally {
    await node.release();
  }
}

function isAtWork({ pid }: ChangeRecord, name: string): boolean {
  if (Date.now() - Number.parseInt(name, 10) > ABANDONED_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: a process of somebody else has the number
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether the change came about; what is left of one that did not is taken away. */
function settle(sandbox: Sandbox, change: Node, record: ChangeRecord): Promise<boolean> {
  const { at, operation, isNew, temp } = record;
  const path = join(at.root, ...at.parts);
  return sandbox.withEntry(path, { followLast: false }, async (entry) => {
    if (temp !== undefined) await removeTree({ folder: entry.folder, name: temp }, EVERYTHING);
    const now = await entry.folder.lookAt(entry.name);
    const backup = await change.lookAt(BACKUP);
    if (operation === "delete") return backup !== undefined;
    if (operation === "move") return settleMove(sandbox, entry, record);
    if (isNew) return now !== undefined;
    return backup !== undefined && backup.ino !== now?.ino;
  });
}

/** A move takes two steps: between them the object has both names, or its new one an empty folder. */
async function settleMove(
  sandbox: Sandbox,
  to: FoundEntry,
  { from }: ChangeRecord,
): Promise<boolean> {
  if (!from) return false;
  return sandbox.withEntry(join(from.root, ...from.parts), { followLast: false }, async (entry) => {
    const [old, made] = [await entry.folder.lookAt(entry.name), await to.folder.lookAt(to.name)];
    if (!old) return made !== undefined;
    if (made?.ino === old.ino) await removeFile(to);
    else if (made?.isDirectory()) await removeFolder(to).catch(() => {});
    return false;
  });
}
