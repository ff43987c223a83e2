import { hiddenUse, type MaskRules } from "../masking/rules.ts";
import type { Findings } from "./findings.ts";
import type { Guarded } from "./guard.ts";
import { arrayText } from "./lookup.ts";
import { isNode, type Node, names, walk } from "./parser.ts";
import type { Session } from "./session.ts";

/**
 * Columns of the relations of a statement, and of those that give them their rows: by views, to any
 * depth, and by inheritance, both ways.
 */
const COLUMNS = `
  with recursive used(oid, how) as (
    select c.oid, 'named' from pg_catalog.pg_class c where c.relname = any($1::text[])
    union
    select d.oid, d.how from used u, lateral (
      select d.refobjid as oid, 'view' as how from pg_catalog.pg_rewrite r
      join pg_catalog.pg_depend d on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass
        and d.refclassid = 'pg_class'::regclass and d.refobjid <> u.oid
      where r.ev_class = u.oid
      union all
      select inhrelid, case u.how when 'view' then 'view' else 'kin' end
        from pg_catalog.pg_inherits where inhparent = u.oid
      union all
      select inhparent, case u.how when 'view' then 'view' else 'kin' end
        from pg_catalog.pg_inherits where inhrelid = u.oid) d)
  select distinct c.relname, a.attname,
    case when c.relkind in ('v', 'm') then 'view' else u.how end as how
  from used u join pg_catalog.pg_class c on c.oid = u.oid
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`;

/** Functions that people wrote, with their text: those of the server and its extensions are in C. */
const SOURCES = `
  select p.proname, pg_catalog.pg_get_functiondef(p.oid) from pg_catalog.pg_proc p
  join pg_catalog.pg_language l on l.oid = p.prolang
  where p.proname = any($1::text[]) and p.prokind in ('f', 'p', 'w')
    and l.lanname not in ('internal', 'c')`;
/** Functions that call functions are followed so far. */
const MAX_CALLS = 5;
const WORDS = /[\p{L}\p{N}_$]+/gu;

/** Columns that every table has. */
const SYSTEM_COLUMNS = ["ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"];

/** Statements after which every column goes by the name that it had. */
const KEEPS_NAMES = new Set(
  "SelectStmt ExplainStmt InsertStmt UpdateStmt DeleteStmt MergeStmt TruncateStmt DropStmt".split(
    " ",
  ),
);

/** Views of the system that show values of columns. */
const STATISTICS = /^pg_stats/;

interface Used {
  /** The hidden columns of the tables that are named. */
  columns: ReadonlySet<string>;
  /** All columns of each table that has hidden ones. */
  tables: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Throws where a hidden column is used for anything but to be shown, masked. */
export async function checkHidden(
  session: Session,
  rules: MaskRules,
  { found, statement }: Pick<Guarded, "found" | "statement">,
): Promise<void> {
  const statistics = found.relations.find(({ name }) => STATISTICS.test(name));
  if (statistics !== undefined) throw hiddenUse(statistics.name);
  await checkFunctions(session, rules, found);
  const used = await usedBy(
    session,
    rules,
    found.relations.map(({ name }) => name),
  );
  if (used.columns.size === 0) return;
  const { kind, body } = statement;
  // a new name, or a table that takes over the rows, would show them
  if (!KEEPS_NAMES.has(kind)) throw hiddenUse([...used.columns].join(", "));
  const shown = shownColumns(body);
  checkTree(body, shown, used.columns, rowNames(body, used.tables));
  checkRowsOf(body, used.tables);
  if (kind === "SelectStmt") checkPlaces(body, used.columns);
}

/** Throws where a relation has its rows from one whose columns are hidden under another name. */
async function usedBy(session: Session, rules: MaskRules, names: readonly string[]): Promise<Used> {
  const columns = new Set<string>();
  const tables = new Map<string, Set<string>>();
  if (names.length === 0) return { columns, tables };
  const { rows } = await session.run(COLUMNS, [arrayText([...new Set(names)])]);
  const hidden = rows.filter(([table, column]) => rules.hides(table ?? "", column ?? ""));
  for (const [, column, how] of hidden) if (how === "named") columns.add(column ?? "");
  // through a view, the server does not tell which of its columns a hidden one became
  const behind = hidden.find(
    ([, column, how]) => how === "view" || (how === "kin" && !columns.has(column ?? "")),
  );
  if (behind !== undefined) throw hiddenUse(`${behind[0]}.${behind[1]}, read under another name,`);
  for (const [table] of hidden) tables.set(table ?? "", new Set(SYSTEM_COLUMNS));
  for (const [table, column] of rows) tables.get(table ?? "")?.add(column ?? "");
  return { columns, tables };
}

/** What a function of the user's own reads is judged by the words of its text. */
async function checkFunctions(session: Session, rules: MaskRules, found: Findings): Promise<void> {
  let called = [...new Set([...found.functions.map(({ name }) => name), ...found.notation])];
  for (let depth = 0; depth < MAX_CALLS && called.length > 0; depth += 1) {
    const { rows } = await session.run(SOURCES, [arrayText(called)]);
    if (rows.length === 0) return;
    called = [...new Set(rows.flatMap(([, text]) => text?.toLowerCase().match(WORDS) ?? []))];
    const { columns } = await usedBy(session, rules, called);
    if (columns.size > 0) throw hiddenUse(`What ${rows[0]?.[0]} reads`);
  }
}

/** The columns of the outermost list: the server tells where each of them comes from. */
function shownColumns(body: Node): Set<Node> {
  const shown = new Set<Node>();
  if (body.op !== "SETOP_NONE" || !Array.isArray(body.targetList)) return shown;
  for (const item of body.targetList) {
    const target: unknown = isNode(item) && isNode(item.ResTarget) ? item.ResTarget.val : undefined;
    if (isNode(target) && isNode(target.ColumnRef)) shown.add(target.ColumnRef);
  }
  return shown;
}

/** Names by which a whole row of a table with hidden columns can be taken. */
function rowNames(body: Node, tables: Used["tables"]): Set<string> {
  const found = new Set(tables.keys());
  walk(body, (kind, node) => {
    if (kind !== "alias" && kind !== "Alias") return;
    found.add(String(node.aliasname));
  });
  return found;
}

/** `u.name` is a column of u, or calls the function of that name with its whole row. */
function checkRowsOf(body: Node, tables: Used["tables"]): void {
  const columnsOf = new Map<string, ReadonlySet<string>[]>();
  walk(body, (_, node) => {
    const columns = typeof node.relname === "string" ? tables.get(node.relname) : undefined;
    if (columns === undefined) return;
    const name = isNode(node.alias) ? String(node.alias.aliasname) : String(node.relname);
    columnsOf.set(name, [...(columnsOf.get(name) ?? []), columns]);
  });
  walk(body, (kind, node) => {
    if (kind !== "ColumnRef") return;
    const parts = names(node.fields);
    const [row = "", column = ""] = parts.slice(-2);
    const known = parts.length > 1 ? (columnsOf.get(row) ?? []) : [];
    const isStar = JSON.stringify(node.fields).includes('"A_Star"');
    if (!isStar && known.some((columns) => !columns.has(column)))
      throw hiddenUse(`A row of ${row}`);
  });
}

/** Orders and groups by the place or the alias of a hidden column tell which values are the same, or less. */
function checkPlaces(body: Node, columns: ReadonlySet<string>): void {
  const targets = Array.isArray(body.targetList) ? body.targetList : [];
  const hidden = targets.map((item: Node) => {
    const target = isNode(item.ResTarget) ? item.ResTarget : {};
    const fields =
      isNode(target.val) && isNode(target.val.ColumnRef) && target.val.ColumnRef.fields;
    const star = JSON.stringify(fields).includes('"A_Star"');
    const shows = star || columns.has(names(fields).at(-1) ?? "");
    return { shows, star, alias: String(target.name ?? names(fields).at(-1) ?? "") };
  });
  if (!hidden.some(({ shows }) => shows)) return;
  const [any = "a column"] = columns;
  const { sortClause, groupClause, distinctClause } = body;
  if (distinctClause !== undefined) throw hiddenUse(any);
  const anyStar = hidden.some(({ star }) => star);
  const lists = [sortClause, groupClause].filter((list) => Array.isArray(list)).flat();
  for (const by of lists.flatMap(membersOf)) {
    const place = placeIn(by);
    // after a star nobody has counted which place is whose
    if (place !== undefined && (anyStar || hidden[place - 1]?.shows)) throw hiddenUse(any);
    const parts = isNode(by) && isNode(by.ColumnRef) ? names(by.ColumnRef.fields) : [];
    if (hidden.some(({ shows, alias }) => shows && parts.length === 1 && alias === parts[0]))
      throw hiddenUse(any);
  }
}

/** What is ordered or grouped by: sets of groups, and rows in brackets, have several. */
function membersOf(item: unknown): unknown[] {
  if (!isNode(item)) return [item];
  if (isNode(item.SortBy)) return [item.SortBy.node];
  const members = isNode(item.GroupingSet) ? item.GroupingSet.content : undefined;
  const list = isNode(item.RowExpr) ? item.RowExpr.args : members;
  return Array.isArray(list) ? list.flatMap(membersOf) : [item];
}

function placeIn(by: unknown): number | undefined {
  const constant = isNode(by) && isNode(by.A_Const) ? by.A_Const.ival : undefined;
  return isNode(constant) ? Number(constant.ival ?? 0) : undefined;
}

function checkTree(
  body: Node,
  shown: ReadonlySet<Node>,
  columns: ReadonlySet<string>,
  rows: ReadonlySet<string>,
): void {
  const [any = "a column"] = columns;
  walk(body, (kind, node) => {
    // new names for columns, or columns that are not named
    if (node.colnames !== undefined || node.aliascolnames !== undefined) throw hiddenUse(any);
    if (kind === "JoinExpr" && node.isNatural === true) throw hiddenUse(any);
    if (kind === "JoinExpr") {
      const used = names(node.usingClause).find((name) => columns.has(name));
      if (used !== undefined) throw hiddenUse(used);
    }
    if (kind === "ColumnRef") checkColumn(node, shown.has(node), columns, rows);
  });
}

function checkColumn(
  node: Node,
  isShown: boolean,
  columns: ReadonlySet<string>,
  rows: ReadonlySet<string>,
): void {
  const parts = names(node.fields);
  const [only = ""] = parts;
  const star = JSON.stringify(node.fields).includes('"A_Star"');
  const last = parts.at(-1) ?? "";
  if (!star && parts.length === 1 && rows.has(only) && !columns.has(only))
    throw hiddenUse(`A row of ${only}`);
  if (isShown) return;
  if (star) throw hiddenUse("*");
  if (columns.has(last) || rows.has(last)) throw hiddenUse(last);
}
