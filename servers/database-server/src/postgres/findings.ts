import { type Node, names, walk } from "./parser.ts";

export interface Name {
  schema?: string;
  name: string;
}

/** What a statement uses, wherever in it. */
export interface Findings {
  /** Kinds of statement within the statement. */
  statements: Set<string>;
  functions: Name[];
  types: Name[];
  operators: Name[];
  relations: Name[];
  /** `value.name` calls the function `name` with the value as its only argument. */
  notation: Set<string>;
  creates: boolean;
  locks: boolean;
}

const nameOf = (parts: readonly string[]): Name => {
  const name = parts.at(-1) ?? "";
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
};

export function findings(tree: Node): Findings {
  const found: Findings = {
    statements: new Set(),
    functions: [],
    types: [],
    operators: [],
    relations: [],
    notation: new Set(),
    creates: false,
    locks: false,
  };
  walk(tree, (kind, node) => note(found, kind, node));
  return found;
}

function note(found: Findings, kind: string, node: Node): void {
  // an INSERT keeps its rows under a key that is named like a statement
  if (/Stmt$/.test(kind) && kind !== "selectStmt") found.statements.add(kind);
  // the target of a change stands under a key of its own
  if (typeof node.relname === "string") found.relations.push(relation(node));
  if (node.intoClause !== undefined) found.creates = true;
  if (node.lockingClause !== undefined) found.locks = true;
  switch (kind) {
    case "FuncCall":
      found.functions.push(nameOf(names(node.funcname)));
      break;
    case "TypeName":
    case "typeName":
      found.types.push(nameOf(names(node.names)));
      break;
    case "A_Expr":
      found.operators.push(nameOf(names(node.name)));
      break;
    case "SubLink":
      found.operators.push(nameOf(names(node.operName)));
      break;
    case "SortBy":
      found.operators.push(nameOf(names(node.useOp)));
      break;
    case "RangeTableSample":
      found.functions.push(nameOf(names(node.method)));
      break;
    case "ColumnRef":
      for (const part of names(node.fields).slice(1)) found.notation.add(part);
      break;
    case "A_Indirection":
      for (const part of names(node.indirection)) found.notation.add(part);
      break;
  }
}

function relation({ schemaname, relname }: Node): Name {
  const name = String(relname ?? "");
  return typeof schemaname === "string" ? { schema: schemaname, name } : { name };
}
