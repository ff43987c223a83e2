import { MAX_DESCRIPTION } from "../foreign/bounds.ts";

/** Characters that a person does not see and a model reads: zero width, direction, tags, variation. */
const HIDDEN =
  /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
/** Marks of instructions, which no description of a tool needs. */
const MARKERS =
  /<\s*\/?\s*(important|system|secret|instructions?|assistant|hidden)\s*>|<\|[a-z_]+\|>|\[\/?INST\]|^\s*(system|assistant)\s*:/im;
/** Pushes what follows out of a window that shows one line. */
const LONG_GAP = / {41,}|\n{11,}/;

const RULES: readonly [reason: string, found: (text: string) => boolean][] = [
  ["it holds characters that are not seen", (text) => HIDDEN.test(text)],
  ["it holds marks of instructions to a model", (text) => MARKERS.test(text)],
  ["it holds a gap that hides what follows", (text) => LONG_GAP.test(text)],
  [
    `a text of it has more than ${MAX_DESCRIPTION} characters`,
    (text) => text.length > MAX_DESCRIPTION,
  ],
];

interface Said {
  description?: string | undefined;
  instructions?: string | undefined;
}

/**
 * What of a definition looks as if it were written to mislead a model. A floor, not a proof: it finds
 * the known forms, and may find something in an honest text, so it holds a definition back for a person
 * to look at and never more.
 */
export function suspicionsOf(definition: Said, others: readonly string[] = []): string[] {
  const texts = [...textsOf(definition)];
  const found = RULES.filter(([, applies]) => texts.some(applies)).map(([reason]) => reason);
  const shadowed = others.find((name) =>
    [definition.description, definition.instructions].some((text) => mentions(text ?? "", name)),
  );
  return shadowed === undefined
    ? found
    : [...found, `it speaks of ${shadowed}, a tool of another server`];
}

/** A joined name such as `mail__send` says itself whose it is; a short plain word may stand in any text. */
const mentions = (text: string, name: string): boolean => name.includes("_") && text.includes(name);

function* textsOf(value: unknown): Iterable<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) {
      yield key;
      yield* textsOf(one);
    }
}
