import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";

const calculate = async (tool: string, a: number, b: number) =>
  (await callTool(server, tool, { a, b })).structuredContent;

const reason = async (tool: string, a: number, b: number) =>
  expectToolError(await callTool(server, tool, { a, b }), "VALIDATION_ERROR").details.reason;

describe("add", () => {
  it("answers with the sum, as a value and as text", async () => {
    expect(await callTool(server, "add", { a: 0.1, b: 0.2 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"sum":0.3,"decimal":"0.3"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "0.3",
          "sum": 0.3,
        },
      }
    `);
  });

  it("keeps every digit of large integers as text", async () => {
    expect(await calculate("add", 2 ** 53, 1)).toEqual({
      sum: 9007199254740992,
      decimal: "9007199254740993",
    });
  });

  it("says that a sum is too large", async () => {
    expect(
      expectToolError(
        await callTool(server, "add", { a: 1.7e308, b: 1.7e308 }),
        "VALIDATION_ERROR",
      ),
    ).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "reason": "overflow",
        },
        "message": "1.7e+308 + 1.7e+308 overflows: the result is beyond ±1.7976931348623157e308. Use smaller numbers, or logarithms.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
  });

  it.each([{}, { a: 1 }, { a: "1", b: 2 }, { a: null, b: 2 }])("refuses %j", async (input) => {
    expectToolError(await callTool(server, "add", input), "VALIDATION_ERROR");
  });
});

describe("subtract", () => {
  it("takes the second from the first", async () => {
    expect(await callTool(server, "subtract", { a: 0.3, b: 0.1 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"difference":0.2,"decimal":"0.2"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "0.2",
          "difference": 0.2,
        },
      }
    `);
  });

  it("says that a difference is too large", async () => {
    expect(await reason("subtract", -1.7e308, 1.7e308)).toBe("overflow");
  });
});

describe("multiply", () => {
  it("answers with the product", async () => {
    expect(await callTool(server, "multiply", { a: 1.1, b: 1.1 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"product":1.21,"decimal":"1.21"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "1.21",
          "product": 1.21,
        },
      }
    `);
  });

  it("says that a product is too large", async () => {
    expect(await reason("multiply", 1e200, 1e200)).toBe("overflow");
  });

  it("answers the least number beside 0, and 0 below it", async () => {
    expect(await calculate("multiply", 5e-324, 1)).toMatchObject({ product: 5e-324 });
    expect(await calculate("multiply", 5e-324, 0.1)).toMatchObject({
      product: 0,
      decimal: "5e-325",
    });
  });
});

describe("divide", () => {
  it("answers with the quotient", async () => {
    expect(await callTool(server, "divide", { a: 1, b: 3 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"quotient":0.3333333333333333,"decimal":"0.3333333333333333333333333333333333333333"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "0.3333333333333333333333333333333333333333",
          "quotient": 0.3333333333333333,
        },
      }
    `);
  });

  it("refuses to divide by zero", async () => {
    expect(
      expectToolError(await callTool(server, "divide", { a: 1, b: 0 }), "VALIDATION_ERROR"),
    ).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "reason": "division_by_zero",
        },
        "message": "1 / 0 divides by zero. Give a divisor other than 0.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
  });

  it("refuses 0 divided by 0", async () => {
    expect(await reason("divide", 0, 0)).toBe("division_by_zero");
  });
});

describe("modulo", () => {
  it("answers with the remainder", async () => {
    expect(await callTool(server, "modulo", { a: 7, b: 3 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"remainder":1,"decimal":"1"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "1",
          "remainder": 1,
        },
      }
    `);
  });

  it.each([
    [-7, 3, 2],
    [7, -3, -2],
    [-7, -3, -1],
    [6, -3, 0],
    [5.5, 2, 1.5],
  ])("%d modulo %d is %d, with the sign of the divisor", async (a, b, remainder) => {
    expect((await calculate("modulo", a, b))?.remainder).toBeCloseTo(remainder, 12);
  });

  it("refuses a divisor of zero", async () => {
    expect(await reason("modulo", 1, 0)).toBe("division_by_zero");
  });
});

describe("power", () => {
  it("answers with the power", async () => {
    expect(await callTool(server, "power", { a: 2, b: 0.5 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"power":1.4142135623730951,"decimal":"1.41421356237309504880168872420969807857"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "decimal": "1.41421356237309504880168872420969807857",
          "power": 1.4142135623730951,
        },
      }
    `);
  });

  it.each([
    [2, 100, "1267650600228229401496703205376"],
    [2, -2, "0.25"],
    [0, 0, "1"],
  ])("%d to the power of %d is %s", async (a, b, decimal) => {
    expect(await calculate("power", a, b)).toMatchObject({ decimal });
  });

  it.each([
    [0, -1, "division_by_zero"],
    [-8, 1 / 3, "undefined_result"],
    [10, 309, "overflow"],
    [10, 1e300, "overflow"],
  ])("%d to the power of %d ends in %s", async (a, b, expected) => {
    expect(await reason("power", a, b)).toBe(expected);
  });
});
