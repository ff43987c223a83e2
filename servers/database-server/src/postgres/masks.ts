import { hiddenUse, type MaskRules } from "../masking/rules.ts";
import type { Guarded } from "./guard.ts";
import { arrayText } from "./lookup.ts";
import { isNode, type Node, names, walk } from "./parser.ts";
import type { Session } from "./session.ts";

/** Columns of the relations of a statement, and those that their views read, to any depth. */
const COLUMNS = `
  with recursive used(oid, direct) as (
    select c.oid, true from pg_catalog.pg_class c where c.relname = any($1::text[])
    union
    select d.refobjid, false from used u
    join pg_catalog.pg_rewrite r on r.ev_class = u.oid
    join pg_catalog.pg_depend d on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass
      and d.refclassid = 'pg_class'::regclass and d.refobjid <> u.oid)
  select distinct c.relname, a.attname, u.direct, c.relkind in ('v', 'm')
  from used u join pg_catalog.pg_class c on c.oid = u.oid
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`;

/** Views of the system that show values of columns. */
const STATISTICS = /^pg_stats/;

/** Throws where a hidden column is used for anything but to be shown, masked. */
export async function checkHidden(
  session: Session,
  rules: MaskRules,
  { found, statement }: Pick<Guarded, "found" | "statement">,
): Promise<void> {
  const statistics = found.relations.find(({ name }) => STATISTICS.test(name));
  if (statistics !== undefined) throw hiddenUse(statistics.name);
  const relations = [...new Set(found.relations.map(({ name }) => name))];
  if (relations.length === 0) return;
  const { rows } = await session.run(COLUMNS, [arrayText(relations)]);
  const hidden = rows.filter(([table, column]) => rules.hides(table ?? "", column ?? ""));
  // through a view, the server does not tell which of its columns a hidden one became
  const behind =
    hidden.find(([, , direct]) => direct !== "t") ?? hidden.find(([, , , view]) => view === "t");
  if (behind !== undefined) throw hiddenUse(`${behind[0]}.${behind[1]}, read by a view,`);
  if (hidden.length === 0) return;
  const columns = new Set(hidden.map(([, column]) => column ?? ""));
  const tables = new Set(hidden.map(([table]) => table ?? ""));
  checkTree(
    statement.body,
    shownColumns(statement.body),
    columns,
    rowNames(statement.body, tables),
  );
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
function rowNames(body: Node, tables: ReadonlySet<string>): Set<string> {
  const found = new Set(tables);
  walk(body, (kind, node) => {
    if (kind !== "alias" && kind !== "Alias") return;
    found.add(String(node.aliasname));
  });
  return found;
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
