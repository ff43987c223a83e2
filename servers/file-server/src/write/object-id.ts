import type { Stats } from "node:fs";

const PREFIX = "object:";

/**
 * Which object stands at a name, whatever is in it: for folders, and for what was only moved. With
 * the time it was made, because a disk gives the number of what was removed to what comes next.
 */
export const objectId = ({ dev, ino, birthtimeMs }: Stats): string =>
  `${PREFIX}${dev}:${ino}:${birthtimeMs}`;

export const isObjectId = (id: string): boolean => id.startsWith(PREFIX);
