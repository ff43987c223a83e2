import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { MAX_BATCH } from "../src/tools/evaluate-batch.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";

const evaluate = (items: unknown, context = {}) =>
  callTool(server, "evaluate_batch", { items }, { context });

describe("evaluate_batch", () => {
  it("gives each item its own result", async () => {
    const items = [
      { expression: "1 + 1" },
      { expression: "1 / 0" },
      { expression: "x ^ 2", variables: { x: 1.5 } },
    ];
    expect(await evaluate(items)).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"succeeded":2,"failed":1,"results":[{"index":0,"value":2,"decimal":"2"},{"index":1,"error":{"code":"VALIDATION_ERROR","message":"1 / 0 divides by zero. Give a divisor other than 0."}},{"index":2,"value":2.25,"decimal":"2.25"}]}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "failed": 1,
          "results": [
            {
              "decimal": "2",
              "index": 0,
              "value": 2,
            },
            {
              "error": {
                "code": "VALIDATION_ERROR",
                "message": "1 / 0 divides by zero. Give a divisor other than 0.",
              },
              "index": 1,
            },
            {
              "decimal": "2.25",
              "index": 2,
              "value": 2.25,
            },
          ],
          "succeeded": 2,
        },
      }
    `);
  });

  it("reports progress item by item", async () => {
    const seen: unknown[] = [];
    const progress = (done: number, total?: number) => void seen.push([done, total]);
    await evaluate([{ expression: "1" }, { expression: "2" }, { expression: "3" }], { progress });
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("stops when the call is cancelled", async () => {
    const controller = new AbortController();
    const progress = () => controller.abort();
    const items = Array.from({ length: MAX_BATCH }, () => ({ expression: "1" }));
    expectToolError(await evaluate(items, { progress, signal: controller.signal }), "CANCELLED");
  });

  it(`takes ${MAX_BATCH} items and refuses one more`, async () => {
    const items = Array.from({ length: MAX_BATCH }, (_, index) => ({ expression: `${index}` }));
    expect((await evaluate(items)).structuredContent).toMatchObject({
      succeeded: MAX_BATCH,
      failed: 0,
    });
    expectToolError(await evaluate([...items, { expression: "1" }]), "VALIDATION_ERROR");
  });

  it.each([[[]], [[{}]], [[{ expression: "" }]], ["1 + 1"]])("refuses %j", async (items) => {
    expectToolError(await evaluate(items), "VALIDATION_ERROR");
  });
});
