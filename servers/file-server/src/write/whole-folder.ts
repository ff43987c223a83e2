import type { Node } from "../sandbox/node.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { makeFolder, moveTo, removeTree } from "./disk.ts";
import { EVERYTHING } from "./everything.ts";
import { objectId } from "./object-id.ts";
import { newTempName } from "./temp-name.ts";
import type { Workshop } from "./workshop.ts";

/**
 * A new folder with all that `fill` puts into it, in one step: it is made under a name of its own
 * first, so that what was stopped half way is never taken for a whole one.
 */
export function makeWholeFolder<T>(
  shop: Workshop,
  to: FoundEntry,
  operation: "copy" | "extract",
  fill: (folder: Node) => Promise<T>,
): Promise<T> {
  const temp = { folder: to.folder, name: newTempName() };
  return shop.change(to.place, { operation, temp: temp.name, isNew: true }, async () => {
    await makeFolder(temp);
    try {
      const node = await temp.folder.enter(temp.name);
      const result = await fill(node).finally(() => node.release());
      await moveTo(temp, to, true);
      return { after: objectId(node.stats), result };
    } catch (error) {
      await removeTree(temp, EVERYTHING).catch(() => {});
      throw error;
    }
  });
}
