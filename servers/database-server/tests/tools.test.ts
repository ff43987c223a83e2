import { describe, expect, it } from "vitest";
import { callTool, expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const call = async (tool: string, input: object = {}) =>
  (await callTool(server, tool, input)).structuredContent ?? {};

describe("the tools on the sample", () => {
  it("connections names what there is, and says what answers", async () => {
    expect(await call("connections", { check: true })).toEqual({
      connections: [
        {
          name: "sample",
          engine: "sqlite",
          mode: "read",
          sample: true,
          version: expect.stringMatching(/^SQLite 3\./),
        },
      ],
    });
  });

  it("search_schema tells names first, and more on request, in pages", async () => {
    expect(await call("search_schema", { pattern: "art*" })).toEqual({
      total: 1,
      found: ["main.artists"],
    });
    expect(await call("search_schema", { pattern: "artists", detail: "full" })).toMatchObject({
      found: [
        {
          schema: "main",
          name: "artists",
          kind: "table",
          columns: ["id INTEGER", "name TEXT", "country TEXT"],
        },
      ],
    });
    const first = await call("search_schema", { limit: 5 });
    expect(first).toMatchObject({ total: 7, found: { length: 5 } });
    expect(await call("search_schema", { limit: 5, cursor: first.next_cursor })).toMatchObject({
      found: { length: 2 },
    });
    expect(await call("search_schema", { kind: "column", pattern: "_id", limit: 1 })).toMatchObject(
      {
        total: 6,
        found: ["main.albums.artist_id"],
      },
    );
  });

  it("describe tells columns, indexes and keys both ways", async () => {
    expect(await call("describe", { table: "ALBUMS" })).toMatchObject({
      schema: "main",
      name: "albums",
      columns: [
        { name: "id", type: "INTEGER", nullable: false, primary_key: true },
        { name: "artist_id", type: "INTEGER", nullable: false, primary_key: false },
        { name: "title", type: "TEXT", nullable: false, primary_key: false },
        { name: "released", type: "DATE", nullable: false, primary_key: false },
      ],
      indexes: [{ name: "albums_artist", columns: ["artist_id"], unique: false }],
      foreign_keys: [
        { table: "albums", to_table: "artists", columns: ["artist_id"], to_columns: ["id"] },
        { table: "tracks", to_table: "albums" },
      ],
    });
    const { message } = expectToolError(
      await callTool(server, "describe", { table: "album" }),
      "NOT_FOUND",
    );
    expect(message).toContain("Did you mean albums");
  });

  it("relations draws the keys of some tables", async () => {
    expect(await call("relations", { tables: ["genres"] })).toEqual({
      relations: [
        {
          schema: "main",
          table: "tracks",
          columns: ["genre_id"],
          to_schema: "main",
          to_table: "genres",
          to_columns: ["id"],
        },
      ],
      mermaid: 'erDiagram\n  "genres" ||--o{ "tracks" : "genre_id"',
    });
  });

  it("sample shows rows, and profile what is in them", async () => {
    expect(await call("sample", { table: "genres", limit: 2 })).toMatchObject({
      rows: [
        [1, "Rock"],
        [2, "Jazz"],
      ],
    });
    expect(await call("profile", { table: "customers", columns: ["country"] })).toMatchObject({
      columns: [
        {
          name: "country",
          rows: 40,
          nulls: 0,
          distinct: 5,
          min: "Brazil",
          max: "Norway",
          top: { length: 5 },
        },
      ],
    });
    expectToolError(
      await callTool(server, "profile", { table: "genres", columns: ["nope"] }),
      "NOT_FOUND",
    );
  });

  it("explain plans with indexes that are not there, and with none that name no column", async () => {
    const sql = "SELECT * FROM tracks WHERE seconds = 300";
    const hypothetical_indexes = [{ table: "tracks", columns: ["seconds"] }];
    expect(await call("explain", { sql, hypothetical_indexes })).toMatchObject({
      plan: [{ detail: "SCAN tracks" }],
      plan_with_indexes: [{ detail: expect.stringContaining("USING INDEX") }],
    });
    const wrong = [{ table: "tracks", columns: ["seconds); DROP TABLE tracks --"] }];
    expectToolError(
      await callTool(server, "explain", { sql, hypothetical_indexes: wrong }),
      "NOT_FOUND",
    );
    expectToolError(
      await callTool(server, "explain", { sql: "DELETE FROM tracks" }),
      "PERMISSION_DENIED",
    );
  });

  it("suggest_indexes proposes one that the plan would use, and none where there is one", async () => {
    const queries = [
      "SELECT * FROM tracks t WHERE t.seconds > 200 AND t.title = 'x'",
      "SELECT * FROM albums WHERE artist_id = 1",
    ];
    expect(await call("suggest_indexes", { queries })).toMatchObject({
      suggestions: [{ table: "main.tracks", columns: ["title", "seconds"], used: true }],
    });
  });

  it("health finds nothing wrong, and activity says that SQLite does not tell", async () => {
    const found = await call("health");
    expect(found.faults, JSON.stringify(found)).toBe(0);
    expect(await call("activity")).toMatchObject({ rows: [], note: expect.any(String) });
  });

  it("refuses arguments that it does not know", async () => {
    expectToolError(
      await callTool(server, "sample", { table: "genres", where: "1=1" }),
      "VALIDATION_ERROR",
    );
  });
});

describe("resources and prompts", () => {
  const context = { signal: new AbortController().signal, era: "modern" as const };

  it("a table is a resource, and its address can be completed", async () => {
    const instance = await server.open({ env: {} });
    const { result } = await instance.read("db://sample/main/genres", context);
    expect(JSON.stringify(result)).toContain("genres");
    const reference = { type: "ref/resource" as const, uri: "db://{connection}/{schema}/{table}" };
    const completed = await instance.complete(reference, { name: "table", value: "a" }, context);
    expect(completed.result).toMatchObject({ completion: { values: ["albums", "artists"] } });
    await instance.close();
  });

  it("prompts carry the query", async () => {
    const instance = await server.open({ env: {} });
    for (const name of ["explain_query", "design_index"]) {
      const { result } = await instance.get(name, { sql: "SELECT 42" }, context);
      expect(JSON.stringify(result)).toContain("SELECT 42");
    }
    await instance.close();
  });
});
