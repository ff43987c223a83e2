import { ToolError } from "#shared/core/errors.ts";
import type { CallOptions, MakeApi } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints, type ListKey, type Row } from "./endpoints.ts";
import { isObject } from "./open-answer.ts";

/** Rows asked for at once; Make's own default is 50 for logs and up to 10000 for others. */
export const PAGE_SIZE = 100;
/** Pages of one list that are read; past it something is wrong with the cursor. */
export const MAX_PAGES = 1_000;

export interface EachOptions extends CallOptions {
  pageSize?: number | undefined;
}

/**
 * The rows of a list, by `pg[offset]` where it comes in pages. The end is a page that is shorter than asked,
 * or than what Make says it gives. What is added meanwhile moves rows to the next page: they are not
 * counted twice. Errors: API_ERROR when a page repeats the one before it.
 */
export async function* eachRow<K extends ListKey>(
  api: MakeApi,
  key: K,
  options: EachOptions = {},
): AsyncGenerator<Row<K>> {
  const { pageSize = PAGE_SIZE, ...call } = options;
  const { paging: form }: Endpoint = endpoints[key];
  if (form === undefined) {
    yield* (await api.call(key, call)) as Row<K>[];
    return;
  }
  const seen = new Set<unknown>();
  let before = "";
  for (let offset = 0, pages = 0; ; pages += 1) {
    const query = { ...call.query, "pg[limit]": pageSize, "pg[offset]": offset };
    const { data, paging } = await api.page(key, { ...call, query });
    const rows = data as Row<K>[];
    before = checkMoved(key, before, rows, pages);
    yield* rows.filter((row) => !seen.has(identityOf(row)));
    const identities = rows.map(identityOf).filter((each) => each !== undefined);
    for (const each of identities) seen.add(each);
    offset += rows.length;
    if (rows.length < Math.min(pageSize, paging.limit ?? pageSize) || rows.length > pageSize)
      return;
  }
}

type LogKey = "GET /scenarios/{scenarioId}/logs";

/** The rows of a log, newest first, by its cursor `pg[last]`, the imtId of the last row of a page. */
export async function* eachLogRow(
  api: MakeApi,
  options: EachOptions = {},
): AsyncGenerator<Row<LogKey>> {
  const key: LogKey = "GET /scenarios/{scenarioId}/logs";
  const { pageSize = PAGE_SIZE, ...call } = options;
  const seen = new Set<string>();
  let last: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query = { ...call.query, "pg[limit]": pageSize, "pg[last]": last };
    const { data, paging } = await api.page(key, { ...call, query });
    const fresh = data.filter(({ imtId }) => !seen.has(imtId));
    if (data.length > 0 && fresh.length === 0) throw stuck(key);
    for (const row of fresh) {
      seen.add(row.imtId);
      yield row;
    }
    if (data.length === 0 || paging.last === undefined) return;
    last = paging.last;
  }
  throw stuck(key);
}

/** What Make knows a row by; undefined where it says nothing. */
const identityOf = (row: unknown): unknown => (isObject(row) ? (row.uuid ?? row.id) : undefined);

/** What tells this page from the one before; throws when it is the same. */
function checkMoved(key: string, before: string, rows: readonly unknown[], pages: number): string {
  const print = JSON.stringify(rows[0] ?? null);
  if (pages >= MAX_PAGES || (rows.length > 0 && print === before)) throw stuck(key);
  return print;
}

const stuck = (key: string): ToolError =>
  new ToolError(
    "API_ERROR",
    `Make answered ${key} with the same page again: nothing was counted twice, and nothing is shown. Try again later.`,
    { details: { endpoint: key, reason: "cursor_stuck" } },
  );

/** All rows of a list, at most `max`; `more` says that there were others. */
export async function collect<T>(
  rows: AsyncIterable<T>,
  max: number,
): Promise<{ rows: T[]; more: boolean }> {
  const kept: T[] = [];
  for await (const row of rows) {
    if (kept.length === max) return { rows: kept, more: true };
    kept.push(row);
  }
  return { rows: kept, more: false };
}
