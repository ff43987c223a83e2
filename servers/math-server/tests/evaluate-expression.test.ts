import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { MAX_EXPRESSION_LENGTH, MAX_VARIABLES } from "../src/tools/evaluate-expression.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";

const evaluate = (expression: unknown, variables?: Record<string, number>) =>
  callTool(server, "evaluate_expression", { expression, ...(variables && { variables }) });

describe("evaluate_expression", () => {
  it("answers with the value", async () => {
    expect(await evaluate("2 * (3 + x)^2 / sqrt(2)", { x: 4 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"value":69.29646455628166,"decimal":"69.2964645562816573912827474862752058499"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "69.2964645562816573912827474862752058499",
          "value": 69.29646455628166,
        },
      }
    `);
  });

  it.each(["1 / 0", "10 ^ 400", "2 +", "2 x", "x + 1", "sqr(2)", "sqrt(-1)", "process.exit()"])(
    "says what is wrong with %s",
    async (expression) => {
      const { message, details } = expectToolError(await evaluate(expression), "VALIDATION_ERROR");
      expect({ message, details }).toMatchSnapshot();
    },
  );

  it("takes the longest expression and refuses one character more", async () => {
    const longest = `1${" ".repeat(MAX_EXPRESSION_LENGTH - 2)}1`
      .replace(/ {2}1$/, "+1")
      .padEnd(MAX_EXPRESSION_LENGTH);
    expect((await evaluate(longest)).structuredContent).toEqual({ value: 2, decimal: "2" });
    expectToolError(await evaluate(`${longest} `), "VALIDATION_ERROR");
  });

  it("takes as many variables as it says and refuses one more", async () => {
    const variables = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, index]));
    expect((await evaluate("x1", variables(MAX_VARIABLES))).structuredContent).toMatchObject({
      value: 1,
    });
    expectToolError(await evaluate("x1", variables(MAX_VARIABLES + 1)), "VALIDATION_ERROR");
  });
});
