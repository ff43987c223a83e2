import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modulesOf, textsIn, usesOf, variablesIn } from "#shared/make-api/blueprint.ts";
import { diffBlueprints, maskDiff } from "#shared/make-api/blueprint-diff.ts";
import { mergeBlueprints } from "#shared/make-api/blueprint-merge.ts";
import { isSame, normalForm } from "#shared/make-api/normal-form.ts";
import { fromPortable, type Names, nameKey, toPortable } from "#shared/make-api/portable.ts";

interface Flow {
  flow: Record<string, unknown>[];
}

const fields = fc.dictionary(
  fc.constantFrom("a", "b", "c"),
  fc.oneof(fc.integer(), fc.constantFrom("x", "y", "{{1.z}}")),
);
/** A blueprint of up to eight modules, every id once, some of them in routes of a router. */
const blueprints = fc
  .record({
    ids: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 8 }),
    mappers: fc.array(fields, { minLength: 8, maxLength: 8 }),
    inner: fc.nat(3),
    name: fc.constantFrom("n", "m"),
  })
  .map(({ ids, mappers, inner, name }) => {
    const modules: Record<string, unknown>[] = ids.map((id, index) => ({
      id,
      module: `app:M${id}`,
      version: 1,
      parameters: {},
      mapper: mappers[index],
    }));
    const outer = modules.slice(inner);
    const [router] = outer;
    if (router) router.routes = [{ flow: modules.slice(0, inner) }];
    return { name, flow: router ? outer : modules };
  });

describe("modules", () => {
  it("are found in flows, routes and error handlers, each with its place", () => {
    const blueprint = {
      flow: [
        { id: 1, module: "a:X", onerror: [{ id: 2, module: "builtin:Ignore" }] },
        {
          id: 3,
          module: "builtin:BasicRouter",
          routes: [{ flow: [{ id: 4, module: "b:Y" }] }, {}],
        },
        null,
      ],
    };
    expect(modulesOf(blueprint).map(({ id, place, isHandler }) => [id, place, isHandler])).toEqual([
      [1, "flow[0]", false],
      [2, "flow[0].onerror[0]", true],
      [3, "flow[1]", false],
      [4, "flow[1].routes[0].flow[0]", false],
    ]);
  });

  it("of what is no blueprint are none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(Array.isArray(modulesOf(value))).toBe(true);
        expect(textsIn(value).every(({ text }) => typeof text === "string")).toBe(true);
      }),
    );
  });

  it("tell what they use", () => {
    const flow = [
      {
        id: 1,
        module: "x:Y",
        parameters: { __IMTCONN__: 7, hook: 8, key: "9" },
        mapper: { key: 5, scenarioId: 6, t: "{{var.team.A}} {{organization.`B C`}}" },
      },
      {
        id: 2,
        module: "x:Y",
        parameters: { __IMTCONN__: 0 },
        mapper: { deep: [{ datastore: 3 }] },
      },
    ];
    expect(usesOf({ flow })).toEqual({
      connections: [7],
      hooks: [8],
      keys: [9],
      dataStores: [3],
      dataStructures: [],
      scenarios: [6],
      variables: ["team.A"],
      agents: [],
    });
    expect(variablesIn("team.A {{1.team.x}} {{var.organization.`E$V`}}")).toEqual([
      "team.x",
      "organization.E$V",
    ]);
  });
});

describe("a difference", () => {
  it("of a blueprint and itself is none, wherever its modules are drawn", () => {
    fc.assert(
      fc.property(blueprints, (blueprint) => {
        const drawn: Flow = structuredClone(blueprint);
        for (const { raw } of modulesOf(drawn)) raw.metadata = { designer: { x: 1 } };
        const plain: Flow = structuredClone(blueprint);
        for (const { raw } of modulesOf(plain)) raw.metadata = {};
        expect(diffBlueprints(drawn, plain)).toMatchObject({ same: true });
        expect(normalForm(drawn)).toEqual(normalForm(plain));
      }),
    );
  });

  it("is the same seen from the other side", () => {
    fc.assert(
      fc.property(blueprints, blueprints, (a, b) => {
        const [there, back] = [diffBlueprints(a, b), diffBlueprints(b, a)];
        const ids = (list: { id: number }[]) => list.map(({ id }) => id).sort();
        expect(ids(there.added)).toEqual(ids(back.removed));
        expect(ids(there.changed)).toEqual(ids(back.changed));
        expect(there.same).toBe(back.same);
        expect(there.same).toBe(isSame(normalForm(a), normalForm(b)));
      }),
    );
  });

  it("calls a module moved that left its branch, and none that only came later", () => {
    const module = (id: number) => ({ id, module: `a:${id}` });
    const before = {
      flow: [module(1), module(2), { ...module(3), routes: [{ flow: [module(4)] }] }],
    };
    const inserted = { flow: [module(9), ...before.flow] };
    expect(diffBlueprints(before, inserted)).toMatchObject({ moved: [], added: [{ id: 9 }] });
    const swapped = { flow: [module(2), module(1), before.flow[2]] };
    expect(diffBlueprints(before, swapped).moved).toHaveLength(1);
    const left = {
      flow: [module(1), module(2), { ...module(3), routes: [{ flow: [] }] }, module(4)],
    };
    expect(diffBlueprints(before, left).moved).toMatchObject([
      { id: 4, from: "flow[2].routes[0].flow[0]" },
    ]);
  });

  it("of a secret shows that it changed, not what it is", () => {
    const flow = (apiKey: string) => ({ flow: [{ id: 1, module: "a:X", mapper: { apiKey } }] });
    const diff = maskDiff(diffBlueprints(flow("EXAMPLE-KEY-ONE"), flow("EXAMPLE-KEY-TWO")));
    expect(diff.changed).toMatchObject([
      { changes: [{ field: "mapper.apiKey", from: "EXAM****", to: "EXAM****" }] },
    ]);
  });
});

describe("a three-way merge", () => {
  it("of one side's changes is that side, without a conflict", () => {
    fc.assert(
      fc.property(blueprints, blueprints, (base, changed) => {
        for (const [live, edited] of [
          [changed, base],
          [base, changed],
          [changed, changed],
        ]) {
          const { merged, conflicts } = mergeBlueprints(base, live, edited);
          expect(conflicts).toEqual([]);
          expect(isSame(merged, changed)).toBe(true);
        }
      }),
    );
  });

  it("has the same conflicts seen from the other side", () => {
    fc.assert(
      fc.property(blueprints, blueprints, blueprints, (base, a, b) => {
        const paths = (live: unknown, edited: unknown) =>
          mergeBlueprints(base, live, edited)
            .conflicts.map(({ path, kind }) => `${kind} ${path}`)
            .sort();
        expect(paths(a, b)).toEqual(paths(b, a));
      }),
    );
  });

  it("without a conflict has both sides' changes: each module is as the side that changed it has it", () => {
    fc.assert(
      fc.property(blueprints, blueprints, blueprints, (base, a, b) => {
        const { merged, conflicts } = mergeBlueprints(base, a, b);
        fc.pre(conflicts.length === 0);
        const top = (blueprint: unknown) =>
          new Map((blueprint as Flow).flow.map((each) => [each.id, each]));
        const [was, here, there, now] = [base, a, b, merged].map(top);
        for (const id of new Set([was, here, there].flatMap((each) => [...(each?.keys() ?? [])]))) {
          const [w, h, t, n] = [was, here, there, now].map((each) => each?.get(id) ?? null);
          if (isSame(w, h)) expect(isSame(n, t)).toBe(true);
          else if (isSame(w, t)) expect(isSame(n, h)).toBe(true);
        }
      }),
    );
  });

  it("takes changes of different fields of one module, and modules that both sides added", () => {
    const module = (id: number, mapper: object) => ({ id, module: "a:X", mapper });
    const base = { flow: [module(1, { a: 1, b: 1 })] };
    const live = { flow: [module(1, { a: 2, b: 1 }), module(2, {})] };
    const edited = { flow: [module(3, {}), module(1, { a: 1, b: 3 })] };
    expect(mergeBlueprints(base, live, edited)).toEqual({
      merged: { flow: [module(3, {}), module(1, { a: 2, b: 3 }), module(2, {})] },
      conflicts: [],
    });
  });

  it("names what one side changed and the other removed, and an order that both changed", () => {
    const module = (id: number, name = "X") => ({ id, module: `a:${name}` });
    const base = { flow: [module(1), module(2), module(3)] };
    const removed = mergeBlueprints(
      base,
      { flow: [module(2), module(3)] },
      { flow: [module(1, "Y"), module(2), module(3)] },
    );
    expect(removed.conflicts).toMatchObject([
      { path: "flow[id=1]", kind: "changed and removed", live: null },
    ]);
    const order = mergeBlueprints(
      base,
      { flow: [module(2), module(1), module(3)] },
      { flow: [module(1), module(3), module(2)] },
    );
    expect(order.conflicts).toMatchObject([{ path: "flow", kind: "order" }]);
  });
});

describe("a portable blueprint", () => {
  const names: Names = new Map([
    [nameKey("connection", 1), "Same"],
    [nameKey("connection", 2), "Same"],
    [nameKey("hook", 3), "Hook"],
  ]);

  it("comes back the same when every reference has its id", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }), (ids) => {
        const blueprint = {
          flow: ids.map((id, index) => ({ id: index, parameters: { __IMTCONN__: id, hook: id } })),
        };
        const { value, references } = toPortable(blueprint, names);
        const back = new Map(
          references.map((each) => [each, Number(/(\d+)$/.exec(each)?.[1] ?? 3)]),
        );
        expect(fromPortable(value, back)).toEqual({ value: blueprint, missing: [] });
      }),
    );
  });

  it("has no ids but names, and tells namesakes apart", () => {
    const { value, references } = toPortable(
      { parameters: { __IMTCONN__: 1, hook: 3, account: 0 } },
      names,
    );
    expect(value).toEqual({
      parameters: { __IMTCONN__: "ref:connection:Same#1", hook: "ref:hook:Hook", account: 0 },
    });
    expect(references).toEqual(["connection:Same#1", "hook:Hook"]);
    expect(fromPortable(value, new Map()).missing).toEqual(references);
  });
});
