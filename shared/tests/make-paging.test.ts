import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MakeApi } from "#shared/make-api/client.ts";
import { collect, eachLogRow, eachRow, PAGE_SIZE } from "#shared/make-api/paging.ts";

interface Asked {
  limit: number;
  offset: number;
  last: string | undefined;
}

/** An API whose every page is what `answer` says. */
const apiOf = (answer: (asked: Asked) => { data: unknown; paging: object }): MakeApi =>
  ({
    page: async (_: string, { query = {} }: { query?: Record<string, unknown> } = {}) =>
      answer({
        limit: Number(query["pg[limit]"]),
        offset: Number(query["pg[offset]"] ?? 0),
        last: query["pg[last]"] as string | undefined,
      }),
  }) as unknown as MakeApi;

const scenarios = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, name: "x" }));

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => (await collect(rows, 100_000)).rows;

describe("a list by offset", () => {
  it("has every row once, whatever the sizes of the list, the page and Make's own limit", async () => {
    const sizes = fc.record({
      count: fc.nat(60),
      pageSize: fc.integer({ min: 1, max: 20 }),
      most: fc.integer({ min: 1, max: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ count, pageSize, most }) => {
        const rows = scenarios(count);
        const api = apiOf(({ limit, offset }) => {
          const given = Math.min(limit, most);
          return { data: rows.slice(offset, offset + given), paging: { limit: given } };
        });
        expect(await all(eachRow(api, "GET /scenarios", { pageSize }))).toEqual(rows);
      }),
    );
  });

  it("that ignores pg and sends all rows at once is read once", async () => {
    const rows = scenarios(PAGE_SIZE * 2);
    const api = apiOf(() => ({ data: rows, paging: {} }));
    expect(await all(eachRow(api, "GET /scenarios"))).toEqual(rows);
  });

  it("that sends the same full page again is an error, and counts nothing twice", async () => {
    const api = apiOf(({ limit }) => ({ data: scenarios(limit), paging: { limit } }));
    const rows = all(eachRow(api, "GET /scenarios"));
    await expect(rows).rejects.toMatchObject({
      code: "API_ERROR",
      details: { endpoint: "GET /scenarios" },
    });
  });

  it("that grows at its beginning meanwhile has each row once", async () => {
    const entries = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ uuid: `u${count - index}` }));
    const api = apiOf(({ limit, offset }) => {
      const data = entries(offset === 0 ? 15 : 17).slice(offset, offset + limit);
      return { data, paging: { limit } };
    });
    const key = "GET /audit-logs/organization/{organizationId}";
    const rows = await all(eachRow(api, key, { path: { organizationId: 1 }, pageSize: 10 }));
    expect(rows).toEqual(entries(15));
  });

  it("stops asking when nobody reads on", async () => {
    let pages = 0;
    const api = apiOf(({ limit, offset }) => {
      pages += 1;
      return { data: scenarios(10_000).slice(offset, offset + limit), paging: { limit } };
    });
    const { rows, more } = await collect(eachRow(api, "GET /scenarios"), 150);
    expect([rows.length, more, pages]).toEqual([150, true, 2]);
  });
});

describe("a log by its cursor", () => {
  const log = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      imtId: `${count - index}_x`,
      id: String(index),
      timestamp: "2026-11-20T00:00:00.000Z",
    }));

  it("has every row once, in order, whatever the size of the page", async () => {
    const sizes = fc.record({
      count: fc.nat(80),
      pageSize: fc.integer({ min: 1, max: 30 }),
      most: fc.integer({ min: 1, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ count, pageSize, most }) => {
        const rows = log(count);
        const api = apiOf(({ limit, last }) => {
          const start = last === undefined ? 0 : rows.findIndex(({ imtId }) => imtId === last) + 1;
          const data = rows.slice(start, start + Math.min(limit, most));
          const cursor = data.at(-1)?.imtId;
          return { data, paging: cursor === undefined ? {} : { last: cursor } };
        });
        expect(await all(eachLogRow(api, { path: { scenarioId: 1 }, pageSize }))).toEqual(rows);
      }),
    );
  });

  it("whose pages overlap has each row once", async () => {
    const rows = log(30);
    const api = apiOf(({ last }) => {
      const start =
        last === undefined ? 0 : Math.max(0, rows.findIndex(({ imtId }) => imtId === last) - 2);
      const data = last === rows.at(-1)?.imtId ? [] : rows.slice(start, start + 10);
      const cursor = data.at(-1)?.imtId;
      return { data, paging: cursor === undefined ? {} : { last: cursor } };
    });
    expect(await all(eachLogRow(api))).toEqual(rows);
  });

  it("whose cursor does not move is an error", async () => {
    const api = apiOf(() => ({ data: log(3), paging: { last: "1_x" } }));
    await expect(all(eachLogRow(api))).rejects.toMatchObject({
      details: { reason: "cursor_stuck" },
    });
  });
});
