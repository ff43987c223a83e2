import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderTree } from "../src/domain/folder-tree.ts";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

it("folders_tree answers in whole", async () => {
  const { ask } = await openMake(server);
  expect(await ask("folders_tree", {})).toMatchSnapshot();
});

it("folders_create, _update and _delete answer in whole", async () => {
  const { ask, stub } = await openMake(server);
  expect(await ask("folders_create", { name: "MKT Sub", parentId: 501 })).toMatchSnapshot();
  expect(await ask("folders_tree", {})).toMatchObject({
    data: { folders: [{ id: 502 }, { id: 501, folders: [{ name: "MKT Sub" }] }] },
  });
  expect(await ask("folders_update", { folderId: 9001, name: "MKT Other" })).toMatchSnapshot();
  expect(await ask("folders_delete", { folderId: 9001 })).toMatchSnapshot();
  expect(stub.writes).toHaveLength(2);
  expect(await ask("folders_delete", { folderId: 9001, confirm: true })).toMatchSnapshot();
});

it("folders_update and folders_delete say what is wrong", async () => {
  const { error } = await openMake(server);
  await error("folders_update", { folderId: 501 }, "VALIDATION_ERROR");
  await error("folders_delete", { folderId: 503, confirm: true }, "NOT_FOUND");
  await error("folders_create", { name: "x".repeat(101) }, "VALIDATION_ERROR");
});

it("folders_move_scenarios shows the moves, then moves, and answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  const input = { folderId: 502, scenarioIds: [4001, 4003, 4001] };
  expect(await ask("folders_move_scenarios", input)).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("folders_move_scenarios", { ...input, dryRun: false })).toMatchSnapshot();
  expect(await ask("folders_move_scenarios", { ...input, dryRun: false })).toMatchObject({
    data: { moved: [] },
  });
});

describe("a tree of folders", () => {
  const folders = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 12 }),
      name: fc.constantFrom("a", "b", "c"),
      parentId: fc.option(fc.integer({ min: 1, max: 14 }), { nil: null }),
    }),
    { selector: ({ id }) => id },
  );
  type Node = ReturnType<typeof folderTree>[number];
  const idsIn = (nodes: readonly Node[]): number[] =>
    nodes.flatMap(({ id, folders = [] }) => [id, ...idsIn(folders)]);

  it("has every folder once, whatever its parents", () => {
    fc.assert(
      fc.property(folders, (all) => {
        const ids = idsIn(folderTree(all, 100));
        expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      }),
    );
  });

  it("counts what is below the depth that is shown", () => {
    const all = [1, 2, 3].map((id) => ({ id, name: "x", parentId: id === 1 ? null : id - 1 }));
    expect(folderTree(all, 2)).toMatchObject([{ id: 1, folders: [{ id: 2, hidden: 1 }] }]);
  });
});
