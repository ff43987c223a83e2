import { resolve } from "node:path";
import { expect, test } from "vitest";
import { listSize } from "../bench/lib/list-sample.ts";
import { listTable, summarizeLists } from "../bench/lib/list-table.ts";
import { withToolsets } from "../bench/targets/make.ts";

const sample = (listMs: number, tools: number) => ({
  ...{
    listMs,
    peakMb: listMs + 1,
    servingMb: listMs + 2,
    processes: 3,
    tools,
    bytes: tools * 1000,
  },
});

test("compares the medians of starts to the list with the floor of the same run", () => {
  const samples = new Map([
    ["floor", [sample(20, Number.NaN), sample(10, Number.NaN), sample(90, Number.NaN)]],
    ["ours", [sample(30, 12), sample(30, 12), sample(400, 12)]],
  ]);
  const { head, rows } = listTable(summarizeLists(samples, "floor"));
  expect(rows).toEqual([
    ["floor", "1.00 x", "20.0", "21.0", "22.0", "3", "-", "-"],
    ["ours", "1.50 x", "30.0", "31.0", "32.0", "3", "12", "12000"],
  ]);
  expect(head).toHaveLength(8);
});

test("counts the bytes of a list as UTF-8, and refuses one that is not whole", () => {
  expect(listSize({ tools: [{ name: "ü" }] }, 1)).toEqual({ tools: 1, bytes: 25 });
  expect(() => listSize({ tools: [] }, 1)).toThrow("lists 0 tools where the lock files have 1");
  expect(() => listSize({}, 1)).toThrow("lists 0 tools");
});

test("gives every server of a gateway.json the toolsets, and a folder that holds from anywhere", () => {
  const mount = {
    package: "../a",
    isolation: "process",
    prefix: "",
    env: { LANG: "C", TOOLSETS: "all" },
  };
  expect(withToolsets({ mcpServers: { a: mount } }, resolve("/x/y"), "default")).toEqual({
    mcpServers: {
      a: { ...mount, package: resolve("/x/a"), env: { LANG: "C", TOOLSETS: "default" } },
    },
  });
});
