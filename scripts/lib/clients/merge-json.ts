import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { SharedError } from "../copy/errors.ts";
import { sayTheSame } from "./entry.ts";
import { inlineJson, insertInto } from "./insert-json.ts";

export interface Change {
  path: JSONPath;
  /** Undefined takes it away. */
  value: unknown;
}

const MARK = "\uFEFF";

/** Reads JSON with comments and trailing commas. Throws, with the line, on anything else. */
export function parseJsonc(text: string): unknown {
  const tree = treeOf(text.replace(MARK, ""));
  return tree ? getNodeValue(tree) : {};
}

function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (!first) return tree;
  const line = text.slice(0, first.offset).split("\n").length;
  throw new SharedError(`it is not JSON: ${printParseErrorCode(first.error)} on line ${line}`);
}

/**
 * Makes the changes and none beside them: comments, order and layout stay. Throws where a key on
 * the way is there twice, because which of the two a program reads is not known.
 */
export function changeJson(text: string, changes: readonly Change[]): string {
  const mark = text.startsWith(MARK) ? MARK : "";
  return changes.reduce(changeOne, text.slice(mark.length)).replace(/^/, mark);
}

function changeOne(text: string, { path, value }: Change): string {
  const tree = treeOf(text);
  if (!tree) return changeOne(`${text}{}\n`, { path, value });
  refuseTwice(tree, path);
  const there = findNodeAtLocation(tree, path);
  if (there && sayTheSame(getNodeValue(there), value)) return text;
  if (value === undefined) return applyEdits(text, modify(text, path, undefined, {}));
  if (there) {
    const { offset, length } = there;
    return applyEdits(text, [{ offset, length, content: inlineJson(value) }]);
  }
  return applyEdits(text, insertAt(text, tree, path, value));
}

/** The value becomes the content of whatever objects are missing on the way to its place. */
function insertAt(text: string, tree: Node, path: JSONPath, value: unknown) {
  let depth = path.length - 1;
  while (depth > 0 && !findNodeAtLocation(tree, path.slice(0, depth))) depth--;
  const parent = findNodeAtLocation(tree, path.slice(0, depth)) ?? tree;
  const missing = path.slice(depth + 1).reverse();
  const nested = missing.reduce<unknown>((inner, key) => ({ [key]: inner }), value);
  return insertInto(text, parent, path[depth], nested);
}

function refuseTwice(tree: Node, path: JSONPath): void {
  let node: Node | undefined = tree;
  for (const key of path) {
    const same: Node[] =
      node?.children?.filter((property) => property.children?.[0]?.value === key) ?? [];
    if (same.length > 1) throw new SharedError(`"${key}" is there twice: leave one of them`);
    node = same[0]?.children?.[1];
  }
}
