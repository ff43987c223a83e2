import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { hasMaria, mariaFixture } from "./attacks/maria-fixture.ts";
import { pgliteFixture } from "./attacks/pglite-fixture.ts";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { server } from "./support/built-server.ts";

/** Tables of the sample, in an order in which they can be filled. */
const TABLES = ["genres", "artists", "albums", "tracks", "customers", "invoices", "invoice_lines"];
const TYPES: Record<string, string> = {
  INTEGER: "int",
  TEXT: "varchar(200)",
  DATE: "date",
  NUMERIC: "numeric(6, 2)",
};

type Call = (tool: string, input: object) => Promise<Record<string, unknown>>;

async function open(env: Record<string, string>): Promise<{ call: Call; close(): Promise<void> }> {
  const instance = await server.open({ env, log: silentLog });
  const call: Call = async (tool, input) => {
    const context = { signal: new AbortController().signal, era: "modern" as const };
    const { result } = await instance.call(tool, input, context);
    const { structuredContent, content } = result as {
      structuredContent?: Record<string, unknown>;
      content: unknown;
    };
    if (structuredContent === undefined) throw new Error(JSON.stringify(content));
    return structuredContent;
  };
  return { call, close: () => instance.close() };
}

const literal = (value: unknown) =>
  typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

/** The sample as statements that every engine takes, read through the tools. */
async function sampleAsSql(): Promise<string[]> {
  const { call, close } = await open({});
  const { relations } = (await call("relations", {})) as {
    relations: { table: string; columns: string[]; to_table: string; to_columns: string[] }[];
  };
  const statements: string[] = [];
  for (const table of TABLES) {
    const { columns } = (await call("describe", { table })) as {
      columns: { name: string; type: string; primary_key: boolean }[];
    };
    const keys = columns.filter((column) => column.primary_key).map(({ name }) => name);
    const parts = [
      ...columns.map(({ name, type }) => `${name} ${TYPES[type] ?? type}`),
      `primary key (${keys.join(", ")})`,
      ...relations
        .filter((relation) => relation.table === table)
        .map(
          (key) => `foreign key (${key.columns}) references ${key.to_table} (${key.to_columns})`,
        ),
    ];
    statements.push(`create table ${table} (${parts.join(", ")})`);
    const { rows } = (await call("query", { sql: `select * from ${table}`, limit: 1_000 })) as {
      rows: unknown[][];
    };
    statements.push(
      `insert into ${table} values ${rows.map((row) => `(${row.map(literal).join(", ")})`).join(", ")}`,
    );
  }
  await close();
  return statements;
}

interface Question {
  asked: string;
  /** What a model would look for first. */
  search: string;
  sql: string;
  answer: unknown[][];
}

const SALES = `invoice_lines l join invoices i on i.id = l.invoice_id
  join customers c on c.id = i.customer_id join tracks t on t.id = l.track_id`;

const QUESTIONS: Question[] = [
  {
    asked: "How many tracks are there?",
    search: "track",
    sql: "select count(*) from tracks",
    answer: [[192]],
  },
  {
    asked: "Which artists come from Norway or Sweden?",
    search: "artist",
    sql: "select name from artists where country in ('Norway', 'Sweden') order by name",
    answer: [["Oskar Lind"], ["The Northern Lights"]],
  },
  {
    asked: "How many albums has each artist?",
    search: "album",
    sql: "select a.name, count(*) from artists a join albums b on b.artist_id = a.id group by a.name order by 1 limit 2",
    answer: [
      ["Ada and the Engines", 3],
      ["Delta Street Five", 3],
    ],
  },
  {
    asked: "Which track is the longest?",
    search: "track",
    sql: "select seconds, count(*) from tracks group by seconds order by seconds desc limit 1",
    answer: [[419, 1]],
  },
  {
    asked: "From which countries are the customers?",
    search: "customer",
    sql: "select country, count(*) from customers group by country order by country",
    answer: [
      ["Brazil", 8],
      ["Canada", 8],
      ["France", 8],
      ["Japan", 8],
      ["Norway", 8],
    ],
  },
  {
    asked: "Which country bought for the most?",
    search: "invoice",
    sql: `select c.country, sum(t.price * l.quantity) from ${SALES} group by c.country order by 2 desc, 1 limit 1`,
    answer: [["Brazil", 255.6]],
  },
  {
    asked: "Which genres are sold least?",
    search: "genre",
    sql: `select g.name, sum(l.quantity) from ${SALES} join genres g on g.id = t.genre_id group by g.name order by 2, 1 limit 1`,
    answer: [["Rock", 148]],
  },
  {
    asked: "How many customers never bought anything?",
    search: "customer",
    sql: "select count(*) from customers c where not exists (select 1 from invoices i where i.customer_id = c.id)",
    answer: [[0]],
  },
  {
    asked: "When were the first and the last invoice?",
    search: "invoice",
    sql: "select min(issued), max(issued) from invoices",
    answer: [["2024-01-04", "2025-08-23"]],
  },
  {
    asked: "What did customer 1 pay in all?",
    search: "invoice_line",
    sql: `select sum(t.price * l.quantity) from ${SALES} where c.email = 'customer1@example.com'`,
    answer: [[32.7]],
  },
];

/** Exact numbers and 64-bit ones come as text where an engine has such types. */
const plain = (rows: unknown) =>
  (rows as unknown[][]).map((row) =>
    row.map((cell) =>
      /^-?\d+(\.\d+)?$/.test(String(cell)) ? Math.round(Number(cell) * 100) / 100 : cell,
    ),
  );

function describeQuestions(
  name: string,
  url: () => string | undefined,
  run?: (sql: string) => Promise<unknown>,
): void {
  describe(`ten questions to ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      for (const statement of run ? ["drop table orders", ...(await sampleAsSql())] : [])
        await run?.(statement);
      const address = url();
      opened = await open(address === undefined ? {} : { DATABASE_URL: address });
      return () => opened.close();
    }, 60_000);

    it.each(QUESTIONS)("$asked", async ({ search, sql, answer }) => {
      const { found } = await opened.call("search_schema", { pattern: search });
      const [first = ""] = found as string[];
      const table = first.split(".").at(-1) ?? "";
      expect(await opened.call("describe", { table })).toMatchObject({ name: table });
      expect(plain((await opened.call("query", { sql })).rows)).toEqual(answer);
    });
  });
}

describeQuestions("the sample", () => undefined);

describe("PGlite", { timeout: 90_000 }, () => {
  const fixture = pgliteFixture();
  describeQuestions("PGlite", fixture.url, fixture.run);
});

describe.skipIf(!hasPostgres)(`PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  describeQuestions("PostgreSQL", () => fixture.url("postgres"), fixture.run);
});

describe.skipIf(!hasMaria)("MariaDB (skipped where 127.0.0.1:3306 has none)", () => {
  const fixture = mariaFixture();
  describeQuestions("MariaDB", () => fixture.url(fixture.users.app, "app"), fixture.run);
});
