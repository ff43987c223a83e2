const WORDS = /[\w$\u{80}-\u{10ffff}]+/gu;
const QUOTED = /`((?:[^`]|``)*)`/g;

/** All that may be a name in the text of a routine, a trigger or a view: rather too much than too little. */
export const namesInText = (text: string): string[] => [
  ...new Set([...(text.match(WORDS) ?? []), ...quotedIn(text)]),
];

/** Names in backquotes, in their order. */
export const quotedIn = (text: string): string[] =>
  [...text.matchAll(QUOTED)].map(([, name = ""]) => name.replaceAll("``", "`"));
