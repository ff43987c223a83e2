import { ToolError } from "#shared/core/errors.ts";
import { refuse } from "../engine/refusal.ts";
import { parseTree, SyntaxFault } from "./pg-query.ts";

/** A node of the syntax tree: PostgreSQL's own, as JSON. */
export type Node = Readonly<Record<string, unknown>>;

interface Tree {
  /** Places are in bytes; without a length, the statement goes to the end. */
  stmts?: { stmt?: Node; stmt_location?: number; stmt_len?: number }[];
}

export interface ParsedStatement {
  /** The kind of the statement, `SelectStmt` and the like. */
  kind: string;
  body: Node;
  /** The statement without what follows it. */
  text: string;
}

/** The only statement of a text, as PostgreSQL itself reads it. */
export async function parseOne(sql: string): Promise<ParsedStatement> {
  if (sql.includes("\0")) throw refuse("syntax", "The statement holds a null character.");
  const { stmts = [] } = await parsed(sql);
  const [first, another] = stmts;
  if (first?.stmt === undefined) throw refuse("empty", "There is no statement in the text.");
  if (another !== undefined)
    throw refuse(
      "several_statements",
      "Send one statement at a time, without a second one after ;.",
    );
  const [entry] = Object.entries(first.stmt);
  if (entry === undefined || !isNode(entry[1])) throw refuse("empty", "There is no statement.");
  const { stmt_location: start = 0, stmt_len: length } = first;
  const end = length === undefined ? undefined : start + length;
  return { kind: entry[0], body: entry[1], text: Buffer.from(sql).subarray(start, end).toString() };
}

async function parsed(sql: string): Promise<Tree> {
  try {
    return (await parseTree(sql)) as Tree;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw new ToolError(
      "VALIDATION_ERROR",
      `PostgreSQL cannot read this statement: ${error.message}`,
      { details: { reason: "syntax" } },
    );
  }
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Calls `visit` for every object in the tree with the key it stands under; every array is entered. */
export function walk(tree: unknown, visit: (kind: string, node: Node) => void): void {
  // a stack of its own: statements can be nested deeper than calls can
  const open: [string, unknown][] = [["", tree]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [kind, value] = next;
    if (Array.isArray(value)) for (const item of value) open.push([kind, item]);
    else if (isNode(value)) {
      visit(kind, value);
      for (const [key, child] of Object.entries(value)) open.push([key, child]);
    }
  }
}

/** The texts of a list of String nodes: the parts of a name. */
export function names(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const text = isNode(item) && isNode(item.String) ? item.String.sval : undefined;
    return typeof text === "string" ? [text] : [];
  });
}
