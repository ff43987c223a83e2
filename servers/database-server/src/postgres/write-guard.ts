import { refuse } from "../engine/refusal.ts";
import { type Findings, findings } from "./findings.ts";
import { checkNames } from "./guard.ts";
import { type ParsedStatement, parseOne } from "./parser.ts";
import { checkVolatility, type Lookup } from "./volatility.ts";

const CHANGES = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "TruncateStmt"]);
/** Changes of the schema that a rollback undoes. */
const SCHEMA_CHANGES = new Set([
  "CreateStmt",
  "CreateTableAsStmt",
  "CreateSchemaStmt",
  "CreateSeqStmt",
  "AlterTableStmt",
  "IndexStmt",
  "ViewStmt",
  "DropStmt",
  "RenameStmt",
  "CommentStmt",
]);
/** What such a statement may hold within it. */
const INNER = new Set([...CHANGES, "SelectStmt", "OnConflictClause", "CreateStmt", "IndexStmt"]);
/** Sequences move on when rows are added; that is what the caller asked for. */
const SEQUENCE_FUNCTIONS = new Set(["nextval", "currval", "lastval", "setval"]);

export interface GuardedChange {
  found: Findings;
  statement: ParsedStatement;
}

/** Lets through one change that can be rolled back. */
export async function guardChanging(sql: string, lookup: Lookup): Promise<GuardedChange> {
  const guarded = await inspectChange(sql);
  const { found } = guarded;
  const functions = found.functions.filter(({ name }) => !SEQUENCE_FUNCTIONS.has(name));
  await checkVolatility({ ...found, functions }, lookup);
  return guarded;
}

/** What the text alone tells. */
export async function inspectChange(sql: string): Promise<GuardedChange> {
  const statement = await parseOne(sql);
  if (!CHANGES.has(statement.kind) && !SCHEMA_CHANGES.has(statement.kind))
    throw refuse(
      "not_a_change",
      "execute takes INSERT, UPDATE, DELETE, MERGE, TRUNCATE, and CREATE, ALTER, DROP of tables, views, indexes, sequences and schemas.",
    );
  if (statement.body.concurrent === true)
    throw refuse("not_a_change", "CONCURRENTLY cannot be tried out in a transaction.");
  const found = findings({ [statement.kind]: statement.body });
  const other = [...found.statements].find((kind) => kind !== statement.kind && !INNER.has(kind));
  if (other !== undefined) throw refuse("not_a_change", `The statement holds a ${other}.`);
  checkNames(found);
  for (const { schema, name } of found.relations)
    if (schema === "pg_catalog" || name.startsWith("pg_"))
      throw refuse("system_table", `${name} belongs to the server and is not changed.`);
  return { found, statement };
}
