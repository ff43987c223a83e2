import jsep from "jsep";
import { ToolError } from "#shared/core/errors.ts";

export type Node = jsep.Expression & { parenthesized?: boolean };

/** Deepest nesting of parentheses, calls and signs. */
export const MAX_EXPRESSION_DEPTH = 100;

const OPEN_PARENTHESIS = 40;
const RIGHT_ASSOCIATIVE = true;

// only the operators of arithmetic; jsep parses and never evaluates
jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
jsep.removeAllLiterals();
jsep.addBinaryOp("+", 1);
jsep.addBinaryOp("-", 1);
jsep.addBinaryOp("*", 2);
jsep.addBinaryOp("/", 2);
jsep.addBinaryOp("%", 2);
jsep.addBinaryOp("^", 3, RIGHT_ASSOCIATIVE);
jsep.addBinaryOp("**", 3, RIGHT_ASSOCIATIVE);
jsep.addUnaryOp("-");
jsep.addUnaryOp("+");

interface Parser {
  code: number;
  gobbleGroup(): Node | false;
}

// -2^2 is -4 and (-2)^2 is 4, so a group has to be known from a bare operand
jsep.hooks.add("gobble-token", function (this: Parser, env: { node?: Node | false }) {
  if (this.code !== OPEN_PARENTHESIS) return;
  env.node = this.gobbleGroup();
  if (env.node) env.node.parenthesized = true;
});

export function syntaxError(message: string, at?: number): ToolError {
  return new ToolError("VALIDATION_ERROR", message, {
    details: { reason: "bad_syntax", ...(at !== undefined && { position: at }) },
  });
}

function requireShallow(expression: string): void {
  let depth = 0;
  let signs = 0;
  for (const character of expression) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    signs = character === "-" || character === "+" ? signs + 1 : /\s/.test(character) ? signs : 0;
    if (depth > MAX_EXPRESSION_DEPTH || signs > MAX_EXPRESSION_DEPTH) {
      throw syntaxError(
        `The expression nests deeper than ${MAX_EXPRESSION_DEPTH} levels. Split it.`,
      );
    }
  }
}

/** Parses an expression. Throws a ToolError that says where it stops making sense. */
export function parse(expression: string): Node {
  requireShallow(expression);
  try {
    return jsep(expression);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const at = "index" in error && typeof error.index === "number" ? error.index : undefined;
    const what = "description" in error ? String(error.description) : error.message;
    const where = at === undefined ? "" : ` at character ${at + 1}`;
    throw syntaxError(`The expression cannot be read: ${what}${where}.`, at);
  }
}
