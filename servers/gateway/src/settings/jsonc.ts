import { evaluate, iterator, type ObjectNode, parse } from "@humanwhocodes/momoa";

export type ParsedText = { value: unknown; faults: string[] } | { syntax: string };

/** JSON that may have comments and trailing commas. A key given twice is a fault: the second would win silently. */
export function parseJsonc(text: string): ParsedText {
  try {
    const tree = parse(text, { mode: "jsonc", allowTrailingCommas: true });
    const faults: string[] = [];
    for (const { node, phase } of iterator(tree)) {
      if (phase === "enter" && isObject(node)) faults.push(...repeatedKeys(node.members));
    }
    return { value: evaluate(tree), faults };
  } catch (error) {
    return { syntax: error instanceof Error ? error.message : String(error) };
  }
}

const isObject = (node: { type: string }): node is ObjectNode => node.type === "Object";

function repeatedKeys(members: ObjectNode["members"]): string[] {
  const seen = new Set<string>();
  return members.flatMap(({ name, loc }) => {
    const key = name.type === "String" ? name.value : name.name;
    if (seen.has(key)) return [`line ${loc.start.line}: "${key}" is given a second time`];
    seen.add(key);
    return [];
  });
}
