import { join } from "node:path";
import type { DenyState } from "../sandbox/deny.ts";
import { etagOf } from "../sandbox/etag.ts";
import type { Node } from "../sandbox/node.ts";
import { type Root, shownPath } from "../sandbox/place.ts";
import { errnoOf, fromSystem, refuse } from "../sandbox/refuse.ts";
import { TRASH_NAME } from "../sandbox/reserved.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import {
  cannotLink,
  copyFile,
  linkFile,
  moveTo,
  relocateFile,
  removeFolder,
  replaceBy,
} from "./disk.ts";
import { BACKUP, type ChangeRecord, DONE, readRecord, UNDONE, withTrash } from "./journal.ts";
import { checkFolder } from "./move-delete.ts";
import { isObjectId, objectId } from "./object-id.ts";
import { changeNames, type Workshop } from "./workshop.ts";

export interface Undone {
  operation: ChangeRecord["operation"];
  path: string;
}

/** Takes back the last change of all roots that was not taken back yet; undefined if there is none. */
export function undoLast(shop: Workshop, signal: AbortSignal): Promise<Undone | undefined> {
  return shop
    .withJournal(signal, () => undoAlone(shop, signal))
    .catch((error: unknown) => {
      throw fromSystem(error, TRASH_NAME);
    });
}

async function undoAlone(shop: Workshop, signal: AbortSignal): Promise<Undone | undefined> {
  const candidates: { root: Root; name: string }[] = [];
  for (const { root } of await shop.sandbox.listRoots()) {
    if (!root) continue;
    await shop.ready(root);
    const name = await lastChange(shop, root);
    if (name !== undefined) candidates.push({ root, name });
  }
  const [last] = candidates.sort((a, b) => (a.name < b.name ? 1 : -1));
  if (!last) return undefined;
  return withTrash(shop.sandbox, last.root, async (trash) => {
    const change = await trash.enter(last.name);
    try {
      const record = await readRecord(change, DONE);
      if (!record) return undefined;
      const path = await takeBack(shop, change, record, signal);
      await replaceBy({ folder: change, name: DONE }, { folder: change, name: "undone.json" });
      return { operation: record.operation, path };
    } finally {
      await change.release();
    }
  });
}

function lastChange(shop: Workshop, root: Root): Promise<string | undefined> {
  return withTrash(shop.sandbox, root, async (trash) => {
    const names = await changeNames(trash);
    for (const name of names.reverse()) {
      const change = await trash.enter(name).catch(() => undefined);
      const record = change?.stats.isDirectory() ? await readRecord(change, DONE) : undefined;
      await change?.release();
      if (record) return name;
    }
    return undefined;
  });
}

const pathOf = ({ root, parts }: ChangeRecord["at"]) => join(root, ...parts);

function takeBack(
  shop: Workshop,
  change: Node,
  record: ChangeRecord,
  signal: AbortSignal,
): Promise<string> {
  const path = pathOf(record.at);
  return shop.sandbox.withEntry(path, { followLast: false }, (at) =>
    shop.withLock([at.place], signal, async () => {
      const shown = shownPath(at.place);
      const backup = { folder: change, name: BACKUP };
      if (record.operation === "delete") {
        const stats = await change.lookAt(BACKUP);
        await moveTo(backup, at, stats?.isDirectory() ?? false);
        return shown;
      }
      await refuseStale(at, record, shown);
      if (record.operation === "create_directory") await removeFolder(at);
      else if (record.operation === "move") await moveBack(shop, at, record, signal);
      else if (record.isNew) {
        await refuseFilled(at, shop.sandbox.denyIn(at.place), shown, signal);
        await relocateFile(at, { folder: change, name: UNDONE });
      } else await restore(at, change);
      if (record.operation === "move" && !record.isNew) await moveTo(backup, at, false);
      return shown;
    }),
  );
}

const REPLACED = "It was changed since by another program";

/** The file may have been changed since by somebody else, whose work would be lost. */
async function refuseStale(at: FoundEntry, { after }: ChangeRecord, path: string): Promise<void> {
  const stats = await at.folder.lookAt(at.name);
  if (!stats) throw refuse("stale", { path, because: "What was changed is not there any more" });
  if (after === undefined) return;
  if (isObjectId(after)) {
    if (after !== objectId(stats)) throw refuse("stale", { path, because: REPLACED });
    return;
  }
  const node = await at.folder.enter(at.name);
  try {
    const handle = node.stats.isFile() ? await node.openFile() : undefined;
    const now = handle && etagOf(await handle.stat({ bigint: true }));
    await handle?.close();
    if (now !== after) throw refuse("stale", { path, because: REPLACED });
  } finally {
    await node.release();
  }
}

/** What is denied may have come into the folder since: it does not get another name by an undo either. */
async function refuseFilled(
  at: FoundEntry,
  deny: DenyState,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  const isDirectory = (await at.folder.lookAt(at.name))?.isDirectory() ?? false;
  if (isDirectory) await checkFolder(at, { path, signal, deny });
  return isDirectory;
}

async function moveBack(
  { sandbox }: Workshop,
  at: FoundEntry,
  { from }: ChangeRecord,
  signal: AbortSignal,
): Promise<void> {
  if (!from) return;
  await sandbox.withEntry(pathOf(from), { followLast: false }, async (back) => {
    const deny = sandbox.denyIn(at.place).with(sandbox.denyIn(back.place));
    await moveTo(at, back, await refuseFilled(at, deny, shownPath(at.place), signal));
  });
}

/** The old content comes back in one step; the new one stays in the trash. */
async function restore(at: FoundEntry, change: Node): Promise<void> {
  const undone = { folder: change, name: UNDONE };
  await linkFile(at, undone).catch((error: unknown) => {
    if (errnoOf(error) === "EXDEV") return copyFile(at, undone);
    if (!cannotLink(error)) throw error;
  });
  await relocateFile({ folder: change, name: BACKUP }, at);
}
