import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { pgliteFixture } from "./attacks/pglite-fixture.ts";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const SQL = "SELECT * FROM orders WHERE user_id = 7";
const INDEXES = [{ table: "orders", columns: ["user_id"] }];

async function open(url: string) {
  const instance = await server.open({ env: { DATABASE_URL: url }, log: silentLog });
  const call = async (tool: string, input: object) => {
    const context = { signal: new AbortController().signal, era: "modern" as const };
    return (await instance.call(tool, input, context)).result as CallToolResult;
  };
  return { call, close: () => instance.close() };
}

describe("indexes that do not exist, on PGlite", { timeout: 90_000 }, () => {
  const fixture = pgliteFixture();
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open(fixture.url());
  });
  afterAll(() => opened.close());

  it("are made on the copy, planned with, and gone", async () => {
    const input = { sql: SQL, hypothetical_indexes: INDEXES };
    const { structuredContent } = await opened.call("explain", input);
    expect(JSON.stringify(structuredContent?.plan)).toContain("Seq Scan");
    expect(JSON.stringify(structuredContent?.plan_with_indexes)).toContain("flotilla_trial_0");
    const after = (await opened.call("explain", { sql: SQL })).structuredContent;
    expect(JSON.stringify(after)).not.toContain("flotilla_trial_0");
  });

  it("are suggested when the plan would use them", async () => {
    const { structuredContent } = await opened.call("suggest_indexes", { queries: [SQL] });
    expect(structuredContent).toMatchObject({
      suggestions: [{ table: "public.orders", columns: ["user_id"], used: true }],
    });
  });
});

/** In the place of hypopg, which is rarely installed: it says what it was told. */
const STAND_IN = `
  create function hypopg_create_index(text) returns void language plpgsql as
    $$ begin raise exception 'told: %', $1; end $$;
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    select 999999, 'hypopg', 10, oid, false, '1' from pg_namespace where nspname = 'public'`;

describe.skipIf(!hasPostgres)(`indexes that do not exist, on PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open(`${fixture.url("postgres")}?max_connections=1`);
  });
  afterAll(() => opened.close());
  const input = { sql: SQL, hypothetical_indexes: INDEXES };

  it("need an extension, which the error names", async () => {
    const { message } = expectToolError(await opened.call("explain", input), "UNAVAILABLE");
    expect(message).toContain("CREATE EXTENSION hypopg");
    const { structuredContent } = await opened.call("suggest_indexes", { queries: [SQL] });
    expect(structuredContent).toMatchObject({ suggestions: [{ columns: ["user_id"] }] });
    expect(JSON.stringify(structuredContent)).not.toContain("used");
  });

  it("are told to it by names of the catalogue, and the connection is not used again", async () => {
    await fixture.run(STAND_IN);
    const pid = async () =>
      (await opened.call("query", { sql: "SELECT pg_backend_pid()" })).structuredContent?.rows;
    const before = await pid();
    expect(await pid()).toEqual(before);
    const { message } = expectToolError(await opened.call("explain", input));
    expect(message).toContain(
      'told: CREATE INDEX "flotilla_trial_0" ON "public"."orders" ("user_id")',
    );
    expect(await pid()).not.toEqual(before);
  });
});
