/** Names that are proposed for one that is not there. */
const MAX_NEAR = 3;

/** A LIKE pattern: `*` is any characters; without one, the text may stand anywhere in the name. */
export function likePattern(pattern: string | undefined): string {
  if (pattern === undefined || pattern === "") return "%";
  const escaped = pattern.replaceAll(/[\\%_]/g, "\\$&").replaceAll("*", "%");
  return pattern.includes("*") ? escaped : `%${escaped}%`;
}

/** The names that are most like one, if any is. */
export function nearest(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(names)]
    .map((each) => ({ each, away: distance(wanted, each.toLowerCase()) }))
    .filter(({ away }) => away <= limit)
    .sort((a, b) => a.away - b.away)
    .slice(0, MAX_NEAR)
    .map(({ each }) => each);
}

/** Names of schemas are short; what is longer is not compared. */
const MAX_COMPARED = 64;

/** Characters to add, drop or replace to make one of the other. */
function distance(a: string, b: string): number {
  if (a.length > MAX_COMPARED || b.length > MAX_COMPARED) return Infinity;
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const [left = 0, up = 0, diagonal = 0] = [
        current[column - 1],
        above[column],
        above[column - 1],
      ];
      current.push(Math.min(left + 1, up + 1, diagonal + same));
    }
    above = current;
  }
  return above[b.length] ?? Infinity;
}
