/** A place in which two definitions differ; absent on a side where it is not there. */
export interface Difference {
  /** A JSON Pointer (RFC 6901). */
  path: string;
  before?: unknown;
  after?: unknown;
}

/** Differences that are told; a definition that is another one altogether has more. */
export const MAX_DIFFERENCES = 100;

/** Where two JSON values differ, as deep as they can be told apart. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  compare(before, after, "", found);
  return found.slice(0, MAX_DIFFERENCES);
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function compare(before: unknown, after: unknown, path: string, found: Difference[]): void {
  if (found.length >= MAX_DIFFERENCES || Object.is(before, after)) return;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    found.push({
      path,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const step = key.replaceAll("~", "~0").replaceAll("/", "~1");
    compare(before[key], after[key], `${path}/${step}`, found);
  }
}
