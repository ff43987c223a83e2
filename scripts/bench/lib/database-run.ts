import { isRecord } from "../../lib/unknown.ts";
import { type DatabaseCase, PAGE_ROWS } from "./database-cases.ts";
import { type Client, driver } from "./database-fixture.ts";
import { calling, listing, opened, opening, type ToolCall } from "./messages.ts";
import { memoryOf } from "./proc.ts";
import { median } from "./stats.ts";
import { openStdio, type StdioCommand, type StdioSession } from "./stdio-session.ts";

/** Who answers a case, in a process of its own or in this one. */
export interface Asked {
  name: string;
  /** Milliseconds that the case took, the median of its times. */
  run(one: DatabaseCase): Promise<number>;
  memory(): { rssMb: number; peakMb: number } | undefined;
  end(): Promise<void>;
}

async function medianOf(one: DatabaseCase, once: () => Promise<void>): Promise<number> {
  const samples: number[] = [];
  for (let time = 0; time < one.times; time += 1) {
    const started = performance.now();
    await once();
    samples.push(performance.now() - started);
  }
  return median(samples);
}

const atOnce = (one: DatabaseCase, work: () => Promise<void>) =>
  Promise.all(Array.from({ length: one.atOnce ?? 1 }, work));

function requireRows(one: DatabaseCase, rows: number): void {
  if (rows !== one.rows) throw new Error(`${one.name}: ${rows} rows, not ${one.rows}`);
}

type Answer = Record<string, unknown>;

/** How a server is asked for rows, and what it says. */
export interface Dialect {
  /** The first call, and with the answer to one the next, when there is more. */
  query(one: DatabaseCase, answer: Answer | undefined, rows: number): ToolCall | undefined;
  rowsOf(answer: Answer): number;
  other(one: DatabaseCase): ToolCall | undefined;
}

/** database-server turns its pages itself. */
export const ours: Dialect = {
  query: ({ sql }, answer) => {
    if (answer !== undefined && answer.next_cursor === undefined) return undefined;
    const cursor = answer === undefined ? {} : { cursor: answer.next_cursor };
    return { name: "query", arguments: { sql, limit: PAGE_ROWS, ...cursor } };
  },
  rowsOf: ({ rows, found }) => [rows ?? found].flat(1).length,
  other: (one) => one.ours,
};

/** dbhub has no pages: its caller writes them into the statement. */
export const dbhub: Dialect = {
  query: ({ sql, page, rows: all }, answer, rows) => {
    if (answer !== undefined && (page === undefined || rows >= all)) return undefined;
    return { name: "execute_sql", arguments: { sql: page?.(rows) ?? sql } };
  },
  rowsOf: ({ data }) => {
    if (!isRecord(data)) return 0;
    if (Array.isArray(data.results)) return data.results.length;
    const [statement] = Array.isArray(data.statements) ? data.statements : [];
    return isRecord(statement) && Array.isArray(statement.rows) ? statement.rows.length : 0;
  },
  other: (one) => one.dbhub,
};

/** A server over stdio, with all it has to parse and to write. */
export async function askServer(
  name: string,
  command: StdioCommand,
  dialect: Dialect,
): Promise<Asked> {
  const session = openStdio(command);
  await session.ask(opening("2025"));
  await session.ask(listing("2025"), `${opened("2025")}\n`);
  return {
    name,
    run: (one) =>
      medianOf(one, async () => void (await atOnce(one, () => askAll(session, one, dialect)))),
    memory: () => {
      const memory = memoryOf(session.pid);
      return memory && { rssMb: memory.rssKb / 1024, peakMb: memory.peakKb / 1024 };
    },
    end: () => session.end(),
  };
}

async function askAll(session: StdioSession, one: DatabaseCase, dialect: Dialect): Promise<void> {
  const other = dialect.other(one);
  if (other !== undefined) return requireRows(one, dialect.rowsOf(await ask(session, other)));
  let rows = 0;
  let answer: Answer | undefined;
  for (;;) {
    const call = dialect.query(one, answer, rows);
    if (call === undefined) return requireRows(one, rows);
    answer = await ask(session, call);
    rows += dialect.rowsOf(answer);
  }
}

async function ask(session: StdioSession, call: ToolCall): Promise<Answer> {
  const result = await session.ask(calling("2025", call));
  const [content] = Array.isArray(result.content) ? result.content : [];
  const text = isRecord(content) ? String(content.text) : "";
  if (result.isError === true) throw new Error(text.slice(0, 200));
  const answer: unknown = JSON.parse(text);
  return isRecord(answer) ? answer : {};
}

const BARE_CLIENTS = 10;

/** The driver in this process: a transaction a query, and one cursor for what has many rows. */
export async function askDriver(url: string): Promise<Asked> {
  const clients = await Promise.all(
    Array.from({ length: BARE_CLIENTS }, async () => {
      const client = new (driver().Client)({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const free = [...clients];
  const waiting: ((client: Client) => void)[] = [];
  async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
    const client = free.pop() ?? (await new Promise<Client>((resolve) => waiting.push(resolve)));
    await work(client);
    const next = waiting.shift();
    if (next) next(client);
    else free.push(client);
  }
  return {
    name: "pg alone",
    run: async (one) => {
      if (one.sql === undefined) return Number.NaN;
      return medianOf(
        one,
        async () =>
          void (await atOnce(one, () => withClient((client) => inTransaction(client, one)))),
      );
    },
    memory: () => undefined,
    end: async () => void (await Promise.all(clients.map((client) => client.end()))),
  };
}

async function inTransaction(client: Client, one: DatabaseCase): Promise<void> {
  await client.query("BEGIN TRANSACTION READ ONLY");
  let rows = 0;
  if (one.page === undefined) rows = (await client.query(one.sql ?? "")).rows.length;
  else {
    await client.query(`DECLARE page NO SCROLL CURSOR FOR ${one.sql}`);
    for (let found = -1; found !== 0; rows += found)
      found = (await client.query(`FETCH FORWARD ${PAGE_ROWS} FROM page`)).rows.length;
  }
  await client.query("ROLLBACK");
  requireRows(one, rows);
}
