import { LRUCache } from "lru-cache";
import { refuse } from "../engine/refusal.ts";
import type { Width } from "./fetch.ts";
import { type Findings, findings, type Name } from "./findings.ts";
import { DENIED_FUNCTIONS, DENIED_RELATIONS, DENIED_SETTINGS } from "./lists.ts";
import { isNode, type ParsedStatement, parseOne } from "./parser.ts";
import { checkVolatility, type Lookup } from "./volatility.ts";

export interface Guarded extends Width {
  kind: "select" | "explain" | "show";
  found: Findings;
  statement: ParsedStatement;
}

/** Statements that were found to read, and the longest that is remembered, in characters. */
const MAX_KNOWN = 200;
const MAX_KNOWN_CHARS = 2_000;
const known = new LRUCache<string, Guarded>({ max: MAX_KNOWN });

/** Lets through one statement that reads. `lookup` asks the catalogue of the database. */
export async function guardReading(sql: string, lookup: Lookup): Promise<Guarded> {
  const guarded = known.get(sql) ?? (await inspect(sql));
  await checkVolatility(guarded.found, lookup);
  return guarded;
}

/** What the text alone tells. */
async function inspect(sql: string): Promise<Guarded> {
  const statement = await parseOne(sql);
  const kind = kindOf(statement);
  const found = findings({ [statement.kind]: statement.body });
  checkStatements(found, kind);
  checkNames(found);
  const guarded = { kind, found, statement };
  if (sql.length <= MAX_KNOWN_CHARS) known.set(sql, guarded);
  return guarded;
}

function kindOf({ kind, body }: ParsedStatement): Guarded["kind"] {
  if (kind === "SelectStmt") return "select";
  if (kind === "ExplainStmt" && isNode(body.query) && "SelectStmt" in body.query) return "explain";
  if (kind === "VariableShowStmt") {
    const name = String(body.name ?? "").toLowerCase();
    if (DENIED_SETTINGS.has(name))
      throw refuse("secret_setting", `SHOW ${name} may hold secrets: ask for one setting by name.`);
    return "show";
  }
  throw refuse(
    "not_reading",
    "Only statements that read are run: SELECT, VALUES, TABLE, WITH, SHOW, and EXPLAIN of these.",
  );
}

function checkStatements({ statements, creates, locks }: Findings, kind: Guarded["kind"]): void {
  const allowed = { select: [], explain: ["ExplainStmt"], show: ["VariableShowStmt"] }[kind];
  const other = [...statements].find(
    (name) => name !== "SelectStmt" && !allowed.includes(name as never),
  );
  if (other !== undefined)
    throw refuse(
      "not_reading",
      `The statement holds a ${other.replace(/Stmt$/, "").toUpperCase()}.`,
    );
  if (creates) throw refuse("not_reading", "SELECT INTO makes a table: leave INTO out.");
  if (locks) throw refuse("locks", "FOR UPDATE and FOR SHARE lock rows: leave them out.");
}

export function checkNames({ relations, functions, notation }: Findings): void {
  for (const { schema, name } of relations) {
    if (DENIED_RELATIONS.has(name) && isSystem(schema))
      throw refuse("secret_table", `${name} holds secrets of the server and is not shown.`);
  }
  const denied = [...functions.map(({ name }) => name), ...notation].find((name) =>
    DENIED_FUNCTIONS.has(name.toLowerCase()),
  );
  if (denied !== undefined)
    throw refuse("function", `${denied} is not called on a connection that only reads.`);
}

/** Without a schema, the search path may lead to the system's own. */
const isSystem = (schema: Name["schema"]) =>
  schema === undefined || ["pg_catalog", "information_schema"].includes(schema);
