/** Changes of one letter that still count as a typing error. */
const MAX_DISTANCE = 3;
const MAX_LENGTH = 64;

/** The name that was perhaps meant. */
export function didYouMean(given: string, known: readonly string[]): string | undefined {
  const close = known
    .map((name) => ({ name, distance: distance(given.slice(0, MAX_LENGTH), name) }))
    .filter((one) => one.distance <= MAX_DISTANCE)
    .sort((a, b) => a.distance - b.distance);
  return close[0]?.name;
}

/** Levenshtein's distance, without regard to case. */
function distance(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
