/** The most patterns that `{a,b}` may stand for: ten groups of two are already 1,024. */
export const MAX_ALTERNATIVES = 1_000;
/** Characters of all those patterns together: each is matched against every name of a search. */
export const MAX_EXPANDED_CHARS = 20_000;

interface Group {
  before: string;
  options: string[];
  after: string;
}

/** The patterns that a pattern with braces stands for; undefined when they are too many. */
export function expandBraces(pattern: string): string[] | undefined {
  const expanded: string[] = [];
  let characters = 0;
  for (const alternative of alternatives(pattern)) {
    characters += alternative.length;
    if (expanded.length === MAX_ALTERNATIVES || characters > MAX_EXPANDED_CHARS) return undefined;
    expanded.push(alternative);
  }
  return expanded;
}

/** One by one, so that a bomb is stopped at the limit and not after it went off. */
function* alternatives(pattern: string): Generator<string> {
  const group = firstGroup(pattern);
  if (!group) {
    yield pattern;
    return;
  }
  for (const option of group.options) {
    for (const inner of alternatives(option)) {
      for (const rest of alternatives(group.after)) yield group.before + inner + rest;
    }
  }
}

/** The first `{a,b}`; braces without a comma or without a partner are plain characters, as in a shell. */
function firstGroup(pattern: string): Group | undefined {
  const partners = pairBraces(pattern);
  for (const [open, { close, commas }] of partners) {
    if (commas.length === 0) continue;
    const cuts = [open, ...commas, close];
    const options = cuts.slice(1).map((cut, index) => pattern.slice((cuts[index] ?? 0) + 1, cut));
    return { before: pattern.slice(0, open), options, after: pattern.slice(close + 1) };
  }
  return undefined;
}

/** Every pair of braces in the order of the opening ones, each with the commas right inside it. */
function pairBraces(pattern: string): [number, { close: number; commas: number[] }][] {
  const open: { at: number; commas: number[] }[] = [];
  const pairs: [number, { close: number; commas: number[] }][] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === "\\") at += 1;
    else if (character === "{") open.push({ at, commas: [] });
    else if (character === ",") open.at(-1)?.commas.push(at);
    else if (character === "}") {
      const last = open.pop();
      if (last) pairs.push([last.at, { close: at, commas: last.commas }]);
    }
  }
  return pairs.sort(([a], [b]) => a - b);
}
