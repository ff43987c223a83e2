import { parseAst } from "rolldown/parseAst";
import { isRecord } from "./unknown.ts";

/** A text in code that names a module, and where it stands, quotes included. */
export interface ImportName {
  specifier: string;
  start: number;
  end: number;
}

/** Where code reads `process.env`: one variable of it, or all. */
export interface EnvironmentRead {
  name: string | undefined;
  start: number;
}

export interface CodeFacts {
  imports: ImportName[];
  reads: EnvironmentRead[];
}

type AstNode = Record<string, unknown> & { type: string; start: number; end: number };

const isNode = (value: unknown): value is AstNode =>
  isRecord(value) && typeof value.type === "string" && typeof value.start === "number";

/** Reads TypeScript or JavaScript. Throws on code that cannot be parsed. */
export function readCode(path: string, text: string): CodeFacts {
  const facts: CodeFacts = { imports: [], reads: [] };
  const lang = /x$/.test(path) ? "tsx" : "ts";
  visit(parseAst(text, { lang }, path), undefined, facts);
  return facts;
}

function visit(value: unknown, parent: AstNode | undefined, facts: CodeFacts): void {
  if (Array.isArray(value)) for (const item of value) visit(item, parent, facts);
  if (!isNode(value)) return;
  const source = sourceOf(value);
  if (isNode(source) && typeof source.value === "string")
    facts.imports.push({ specifier: source.value, start: source.start, end: source.end });
  if (isEnvironment(value)) facts.reads.push(...readsOf(value, parent));
  for (const child of Object.values(value)) visit(child, value, facts);
}

/** What says where from: of an import, an export, `import()`, `require()`, `import type T = ...`. */
function sourceOf(node: AstNode): unknown {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node.source;
    case "TSExternalModuleReference":
      return node.expression;
    case "CallExpression":
      return isNamed(node.callee, "require") && Array.isArray(node.arguments)
        ? node.arguments[0]
        : undefined;
    default:
      return undefined;
  }
}

const isNamed = (node: unknown, name: string): boolean =>
  isNode(node) && node.type === "Identifier" && node.name === name;

const isEnvironment = ({ type, object, property }: AstNode): boolean =>
  type === "MemberExpression" && isNamed(object, "process") && isNamed(property, "env");

function readsOf(node: AstNode, parent: AstNode | undefined): EnvironmentRead[] {
  const { start } = node;
  if (parent?.type === "MemberExpression" && parent.object === node) {
    const { property } = parent;
    const name = isNode(property) ? (parent.computed ? property.value : property.name) : undefined;
    return [{ name: typeof name === "string" ? name : undefined, start }];
  }
  const pattern = parent?.type === "VariableDeclarator" ? parent.id : undefined;
  if (isNode(pattern) && pattern.type === "ObjectPattern" && Array.isArray(pattern.properties))
    return pattern.properties.map((property: unknown) => {
      const key = isNode(property) ? property.key : undefined;
      return { name: isNode(key) && typeof key.name === "string" ? key.name : undefined, start };
    });
  return [{ name: undefined, start }];
}

export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split("\n").length;
