import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { ReadHandle } from "../sandbox/disk-calls.ts";
import type { Node } from "../sandbox/node.ts";
import type { Place } from "../sandbox/place.ts";
import { errnoOf, refuse } from "../sandbox/refuse.ts";
import { TRASH_NAME } from "../sandbox/reserved.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { Source } from "../text/source.ts";
import { createFile, makeFolder, removeFile, replaceBy } from "./disk.ts";
import { TEMP_NAME } from "./temp-name.ts";

export const OPERATIONS = [
  "write",
  "create_directory",
  "move",
  "copy",
  "delete",
  "archive",
  "extract",
] as const;

const spotSchema = z.object({ root: z.string(), parts: z.array(z.string()) });

/** What was done, written before it is done and again after. */
const recordSchema = z.object({
  operation: z.enum(OPERATIONS),
  at: spotSchema,
  from: spotSchema.optional(),
  temp: z.string().regex(TEMP_NAME).optional(),
  pid: z.number(),
  /** Nothing stood at the place before. */
  isNew: z.boolean(),
  /** Tells what stands there since: the etag of a file that was written, else which object it is. */
  after: z.string().optional(),
});

export type ChangeRecord = z.output<typeof recordSchema>;

/** Files of a change in its folder of the trash. */
export const PENDING = "pending.json";
export const DONE = "done.json";
/** What stood at the place before. */
export const BACKUP = "before";
/** What an undo took away. */
export const UNDONE = "undone";

let changes = 0;

/** Sorts by time; changes of one process in the order in which they began. */
function changeId(): string {
  changes += 1;
  const time = String(Date.now()).padStart(15, "0");
  return `${time}-${String(changes).padStart(9, "0")}-${randomBytes(4).toString("hex")}`;
}

export const isChangeId = (name: string) => /^\d{15}-\d{9,}-[0-9a-f]{8}$/.test(name);

/** Runs `work` with the trash of a root, which is made when it is missing. */
export function withTrash<T>(
  sandbox: Sandbox,
  root: Place["root"],
  work: (trash: Node) => Promise<T>,
): Promise<T> {
  return sandbox.withRoot(root, async (folder) => {
    const trash = await enterTrash(folder);
    try {
      if (!trash.stats.isDirectory())
        throw refuse("no_permission", { because: `${TRASH_NAME} in the root is no folder` });
      return await work(trash);
    } finally {
      await trash.release();
    }
  });
}

async function enterTrash(folder: Node): Promise<Node> {
  try {
    return await folder.enter(TRASH_NAME);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
  await makeFolder({ folder, name: TRASH_NAME }, 0o700).catch(ignoreExisting);
  const trash = await folder.enter(TRASH_NAME);
  await writeSmall(trash, ".gitignore", "*\n").catch(ignoreExisting);
  return trash;
}

function ignoreExisting(error: unknown): void {
  if (errnoOf(error) !== "EEXIST") throw error;
}

/** Makes the folder of a new change with its record; the caller releases it. */
export async function beginChange(trash: Node, record: ChangeRecord): Promise<OpenChange> {
  const name = changeId();
  await makeFolder({ folder: trash, name }, 0o700);
  const node = await trash.enter(name);
  await writeSmall(node, PENDING, JSON.stringify(record));
  return { name, node };
}

export interface OpenChange {
  name: string;
  node: Node;
}

/** Notes that a change is done: from here on it can be undone. */
export async function finishChange({ node }: OpenChange, record: ChangeRecord): Promise<void> {
  await writeSmall(node, `${DONE}.new`, JSON.stringify(record));
  await replaceBy({ folder: node, name: `${DONE}.new` }, { folder: node, name: DONE });
  await removeFile({ folder: node, name: PENDING });
}

/** The record of a change, in the file of this name; undefined when there is none that can be read. */
export async function readRecord(node: Node, name: string): Promise<ChangeRecord | undefined> {
  try {
    const file = await node.enter(name);
    try {
      if (!file.stats.isFile() || file.stats.size > MAX_RECORD_BYTES) return undefined;
      const handle = await file.openFile();
      try {
        return recordSchema.parse(JSON.parse(await readText(handle, file.stats.size)));
      } finally {
        await handle.close();
      }
    } finally {
      await file.release();
    }
  } catch {
    return undefined;
  }
}

async function readText(handle: ReadHandle, size: number): Promise<string> {
  const bytes = await new Source(handle, size, new AbortController().signal).read(0, size);
  return bytes.toString("utf8");
}

/** Two paths of the greatest length, escaped. */
export const MAX_RECORD_BYTES = 65_536;

async function writeSmall(folder: Node, name: string, text: string): Promise<void> {
  const handle = await createFile({ folder, name }, 0o600);
  try {
    await handle.writeFile(text); // not waited for: a lost record loses an undo, never a file
  } finally {
    await handle.close();
  }
}

export const stored = ({ root, parts }: Place) => ({ root: root.canonical, parts: [...parts] });
