import type { Column } from "../engine/types.ts";
import { hiddenUse, isHidden, type MaskRules } from "../masking/rules.ts";
import type { Token } from "../sql/lexer.ts";
import type { Statement } from "../sql/window.ts";

/** Words that give columns other names or mix the columns of tables. */
const MIXING = new Set(["union", "intersect", "except", "with", "natural", "procedure"]);

export interface Hidden {
  columns: ReadonlySet<string>;
  /** A view whose definition names a hidden column. */
  view?: string;
}

const isName = ({ kind }: Token) => kind === "word" || kind === "quoted";

export const namesIn = ({ tokens }: Statement): string[] => [
  ...new Set(tokens.filter(isName).map(({ text }) => text)),
];

export const COLUMNS = (marks: string) =>
  `SELECT table_name, column_name FROM information_schema.columns WHERE table_name IN (${marks})`;
export const VIEWS = `SELECT table_name, view_definition FROM information_schema.views
  WHERE table_schema NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')`;

/** Throws where a hidden column could be used for more than to be shown: counted, because a lexer does not see places. */
export function checkHidden({ tokens }: Statement, { columns, view }: Hidden): void {
  if (view !== undefined) throw hiddenUse(`A column of the view ${view}`);
  if (columns.size === 0) return;
  const [any = "a column"] = columns;
  tokens.forEach((token, index) => {
    if (token.kind === "word" && MIXING.has(token.text)) throw hiddenUse(any);
    if (token.text === "*" && token.depth > 0 && !isCount(tokens, index)) throw hiddenUse("*");
  });
}

const isCount = (tokens: readonly Token[], star: number) =>
  tokens[star - 1]?.text === "(" &&
  tokens[star - 2]?.text === "count" &&
  tokens[star + 1]?.text === ")";

/** After the columns of the result are known: every mention of a hidden column has to be one of them. */
export function checkShown(
  rules: MaskRules,
  { tokens }: Statement,
  { columns }: Hidden,
  result: readonly Column[],
): void {
  if (columns.size === 0) return;
  const mentioned = tokens.filter(
    (token) => isName(token) && columns.has(token.text.toLowerCase()),
  );
  const star = tokens.some(({ text, depth }) => text === "*" && depth === 0);
  const shown = result.filter(
    (column) => column.origin !== undefined && isHidden(rules, column),
  ).length;
  const [first] = mentioned;
  if (first !== undefined && (star || mentioned.length !== shown)) throw hiddenUse(first.text);
}
