import { join } from "node:path";
import { createLocks } from "#shared/data/locks.ts";
import { readEntries } from "../sandbox/entries.ts";
import type { Node } from "../sandbox/node.ts";
import type { Place } from "../sandbox/place.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { removeTree } from "./disk.ts";
import { EVERYTHING } from "./everything.ts";
import {
  beginChange,
  type ChangeRecord,
  finishChange,
  isChangeId,
  type OpenChange,
  stored,
  withTrash,
} from "./journal.ts";
import { recover } from "./recover.ts";

/** Changes of a root after which the oldest ones are looked for that are too many. */
const CHANGES_A_PRUNE = 32;

export interface WorkshopOptions {
  /** Changes of a root that can be undone; older ones leave the trash for good. */
  keep: number;
  /** Change files that have other names. */
  hardLinks: boolean;
  /** Bytes that one call copies: `MAX_COPY_BYTES` but in tests. */
  copyBytes: number;
}

/** Bytes that one call copies, and of a file that is appended to: it is written anew. */
export const MAX_COPY_BYTES = 2 ** 31;

/** What all calls share, however narrow each is. */
interface WholeShop {
  sandbox: Sandbox;
  recovered: Map<string, Promise<void>>;
  sincePrune: number;
}

/** Locks are those of the process: servers in one process may have the same root. */
const locks = createLocks();

/** What all changes of files go through: one at a time for a place, each noted in the journal. */
export class Workshop {
  readonly sandbox: Sandbox;
  readonly options: WorkshopOptions;
  readonly #whole: WholeShop;

  constructor(sandbox: Sandbox, options: WorkshopOptions, whole?: WholeShop) {
    this.sandbox = sandbox;
    this.options = options;
    this.#whole = whole ?? { sandbox, recovered: new Map(), sincePrune: 0 };
  }

  /** The same for a call that is kept within some paths. */
  narrowed(within: readonly string[]): Workshop {
    return new Workshop(this.sandbox.narrowed(within), this.options, this.#whole);
  }

  withLock<T>(places: readonly Place[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const keys = places.map(({ root, parts }) => join(root.canonical, ...parts));
    return locks.withLock(keys, work, { signal });
  }

  /** For what needs the last change to stay the last one: one undo at a time. */
  withJournal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return locks.withLock("journal", work, { signal });
  }

  /** Clears up after processes that ended in the middle of a change; once for each root. */
  ready(root: Place["root"]): Promise<void> {
    const { sandbox, recovered } = this.#whole;
    const started = recovered.get(root.canonical);
    if (started !== undefined) return started;
    const done = recover(sandbox, root);
    recovered.set(root.canonical, done);
    done.catch(() => recovered.delete(root.canonical));
    return done;
  }

  /** Runs `work`, which returns what it did; when it fails, the change was none. */
  async change<T>(
    place: Place,
    record: Omit<ChangeRecord, "at" | "pid">,
    work: (change: OpenChange) => Promise<{ after?: string; result: T }>,
  ): Promise<T> {
    return withTrash(this.sandbox, place.root, async (trash) => {
      const full = { ...record, at: stored(place), pid: process.pid };
      const change = await beginChange(trash, full);
      try {
        const { after, result } = await work(change);
        // it is done: should noting that fail, the next process that looks finds out by itself
        const noted = { ...full, ...(after !== undefined && { after }) };
        await finishChange(change, noted).catch(() => {});
        await this.#prune(trash);
        return result;
      } catch (error) {
        await removeTree({ folder: trash, name: change.name }, EVERYTHING).catch(() => {});
        throw error;
      } finally {
        await change.node.release();
      }
    });
  }

  async #prune(trash: Node): Promise<void> {
    const count = ++this.#whole.sincePrune;
    // with the first change too: many a server does not live to make more
    if (count !== 1 && count % CHANGES_A_PRUNE !== 0) return;
    const names = await changeNames(trash);
    for (const name of names.slice(0, Math.max(0, names.length - this.options.keep)))
      await removeTree({ folder: trash, name }, EVERYTHING).catch(() => {});
  }
}

/** The changes in a trash, the oldest first. */
export async function changeNames(trash: Node): Promise<string[]> {
  const { shown } = await readEntries(trash, EVERYTHING);
  return shown.map(({ name }) => name).filter(isChangeId);
}
