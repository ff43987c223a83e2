/** What runs: a caller's query, this server's own reading, or a change that was asked for. */
export type Mode = "query" | "own" | "change";

/** Codes of actions: https://www.sqlite.org/c3ref/c_alter_table.html */
const CODE = {
  CREATE_INDEX: 1,
  CREATE_TABLE: 2,
  CREATE_VIEW: 8,
  DELETE: 9,
  DROP_INDEX: 10,
  DROP_TABLE: 11,
  DROP_TRIGGER: 16,
  DROP_VIEW: 17,
  INSERT: 18,
  PRAGMA: 19,
  READ: 20,
  SELECT: 21,
  TRANSACTION: 22,
  UPDATE: 23,
  ALTER_TABLE: 26,
  REINDEX: 27,
  FUNCTION: 31,
  RECURSIVE: 33,
} as const;

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Functions that load code, reach files or start programs, in builds that have them. */
const DENIED_FUNCTIONS = words(
  "load_extension fts3_tokenizer readfile writefile edit fsdir lsmode zipfile sqlar_compress sqlite_dbpage eval",
);
/** Virtual tables that show raw pages and memory, or reach files. */
const DENIED_TABLES =
  /^(sqlite_(dbpage|dbdata|dbptr|stmt|memstat)|bytecode|tables_used|fsdir|zipfile|csv|dbstat_raw)$/;

/** Pragmas that describe tables. */
const DESCRIBING = words(`table_info table_xinfo table_list index_list index_info index_xinfo
  foreign_key_list foreign_key_check integrity_check quick_check collation_list function_list
  compile_options pragma_list module_list`);
/** Pragmas that tell a value when they are given none. */
const TELLING =
  words(`user_version application_id schema_version page_count page_size freelist_count
  encoding journal_mode auto_vacuum foreign_keys`);

/** Changes of data and schema that a rollback undoes. */
const CHANGES = new Set<number>([
  CODE.INSERT,
  CODE.UPDATE,
  CODE.DELETE,
  CODE.CREATE_TABLE,
  CODE.CREATE_INDEX,
  CODE.CREATE_VIEW,
  CODE.DROP_TABLE,
  CODE.DROP_INDEX,
  CODE.DROP_VIEW,
  CODE.DROP_TRIGGER,
  CODE.ALTER_TABLE,
  CODE.REINDEX,
]);

export interface Action {
  code: number;
  first: string | null;
  second: string | null;
  /** The view or trigger, or the name in a WITH, that does it. */
  context?: string | null;
}

/** Why an action is denied, in a few words; undefined when it is allowed. What is not known is denied. */
export function objection({ code, first, second }: Action, mode: Mode): string | undefined {
  switch (code) {
    case CODE.SELECT:
    case CODE.RECURSIVE:
      return undefined;
    case CODE.READ:
      return tableObjection(first ?? "");
    case CODE.FUNCTION:
      return functionObjection((second ?? "").toLowerCase());
    case CODE.PRAGMA:
      return pragmaObjection((first ?? "").toLowerCase(), second, mode);
    case CODE.TRANSACTION:
      return mode === "query" ? "transactions are not the caller's to open or end" : undefined;
  }
  if (mode === "change" && CHANGES.has(code)) return undefined;
  return "it would change something, or reach beyond this database";
}

const tableObjection = (table: string) =>
  DENIED_TABLES.test(table.toLowerCase())
    ? `the table ${table} shows what no query needs`
    : undefined;

const functionObjection = (name: string) =>
  DENIED_FUNCTIONS.has(name) ? `the function ${name} reaches beyond the database` : undefined;

function pragmaObjection(name: string, value: string | null, mode: Mode): string | undefined {
  if (DESCRIBING.has(name)) return undefined;
  if (TELLING.has(name) && value === null) return undefined;
  // a change of the schema asks for these itself
  if (mode === "own" && name === "database_list") return undefined;
  return `PRAGMA ${name} is not one of those that only tell`;
}
