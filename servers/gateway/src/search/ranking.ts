import type { ToolListing } from "#shared/core/contract.ts";

/** Constants of BM25, as they are commonly set. */
const K1 = 1.2;
const B = 0.75;
/** How much more a word of the name says than one of the description. */
const NAME_WEIGHT = 3;

interface Indexed {
  tool: ToolListing;
  counts: Map<string, number>;
  length: number;
}

/** Words of a text; `echoHai` and `list_files` are two each. */
export function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** Ranks tools by BM25 over their names, titles, descriptions and parameters. */
export function createRanking(tools: readonly ToolListing[]) {
  const all = tools.map(indexOf);
  const average = all.reduce((sum, { length }) => sum + length, 0) / Math.max(1, all.length);
  const holding = new Map<string, number>();
  for (const { counts } of all)
    for (const word of counts.keys()) holding.set(word, (holding.get(word) ?? 0) + 1);

  const rarity = (word: string) => {
    const having = holding.get(word) ?? 0;
    return Math.log(1 + (all.length - having + 0.5) / (having + 0.5));
  };
  const score = ({ counts, length }: Indexed, words: readonly string[]) =>
    words.reduce((sum, word) => {
      const count = counts.get(word) ?? 0;
      const weight = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average));
      return sum + rarity(word) * weight;
    }, 0);

  return (query: string, limit: number): ToolListing[] => {
    const words = wordsOf(query);
    return all
      .map((one) => ({ tool: one.tool, score: score(one, words) }))
      .filter((one) => one.score > 0)
      .sort((a, b) => b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1))
      .slice(0, limit)
      .map(({ tool }) => tool);
  };
}

function indexOf(tool: ToolListing): Indexed {
  const counts = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + weight);
  };
  add(`${tool.name} ${tool.title}`, NAME_WEIGHT);
  add(tool.description, 1);
  const { properties = {} } = tool.inputSchema as { properties?: Record<string, unknown> };
  for (const [name, property] of Object.entries(properties)) {
    const described = property as { description?: unknown } | null;
    add(`${name} ${typeof described?.description === "string" ? described.description : ""}`, 1);
  }
  return { tool, counts, length: [...counts.values()].reduce((sum, count) => sum + count, 0) };
}
