import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { MAX_NUMBERS } from "../src/tools/summarize-numbers.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";

const summarize = (numbers: unknown) => callTool(server, "summarize_numbers", { numbers });

describe("summarize_numbers", () => {
  it("describes a list, whatever its order", async () => {
    expect(
      await summarize([9, 2, 5, 4, 12, 7, 8, 11, 9, 3, 7, 4, 12, 5, 4, 10, 9, 6, 9, 4]),
    ).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"count":20,"sum":140,"mean":7,"median":7,"min":2,"max":12,"range":10,"firstQuartile":4,"thirdQuartile":9,"variance":9.368421052631579,"standardDeviation":3.0607876523260447}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "count": 20,
          "firstQuartile": 4,
          "max": 12,
          "mean": 7,
          "median": 7,
          "min": 2,
          "range": 10,
          "standardDeviation": 3.0607876523260447,
          "sum": 140,
          "thirdQuartile": 9,
          "variance": 9.368421052631579,
        },
      }
    `);
  });

  it("has no variance of one number", async () => {
    const { structuredContent } = await summarize([42]);
    expect(structuredContent).toEqual({
      count: 1,
      sum: 42,
      mean: 42,
      median: 42,
      min: 42,
      max: 42,
      range: 0,
      firstQuartile: 42,
      thirdQuartile: 42,
    });
  });

  it("sums in decimal", async () => {
    const { structuredContent } = await summarize(Array.from({ length: 10 }, () => 0.1));
    expect(structuredContent).toMatchObject({ sum: 1, mean: 0.1, standardDeviation: 0 });
  });

  it(`takes ${MAX_NUMBERS} numbers and refuses one more`, async () => {
    const numbers = Array.from({ length: MAX_NUMBERS }, (_, index) => index);
    expect((await summarize(numbers)).structuredContent).toMatchObject({
      count: MAX_NUMBERS,
      median: (MAX_NUMBERS - 1) / 2,
    });
    expectToolError(await summarize([...numbers, 1]), "VALIDATION_ERROR");
  });

  it("says that a sum is too large", async () => {
    const { details } = expectToolError(await summarize([1.7e308, 1.7e308]), "VALIDATION_ERROR");
    expect(details.reason).toBe("overflow");
  });

  it.each([[[]], [["1"]], [[Number.NaN]], ["1,2"], [undefined]])("refuses %j", async (numbers) => {
    expectToolError(await summarize(numbers), "VALIDATION_ERROR");
  });
});
