import { describe, expect, it } from "vitest";
import { render } from "../src/domain/export.ts";

describe("render", () => {
  it("quotes what CSV must quote, and takes the power from formulas but not from numbers", () => {
    const rows = [
      { name: 'a "b", c', value: -1 },
      { name: "=cmd|' /C calc'!A0", more: null },
    ];
    expect(render(rows, "csv")).toBe(
      'name,value,more\r\n"a ""b"", c",-1,\r\n\'=cmd|\' /C calc\'!A0,,\r\n',
    );
  });

  it("writes one object a line", () => {
    expect(render([{ a: 1 }, { a: "\n" }], "jsonl")).toBe('{"a":1}\n{"a":"\\n"}\n');
  });
});
