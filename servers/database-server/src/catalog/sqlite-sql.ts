import type { CatalogSql } from "./types.ts";

/** Every table that is not SQLite's own; there is one schema, main. */
const own = "s.name not like 'sqlite\\_%' escape '\\'";
const filter = (name: string) =>
  `${own} and ${name} like ?1 escape '\\' and coalesce(?2, 'main') = 'main'`;

const relations = (type: string) => `
  select 'main' as schema, s.name, s.type as kind, null as "table", null as type, null as rows,
    null as comment
  from sqlite_schema s where s.type = '${type}' and ${filter("s.name")} order by s.name`;

export const sqliteSql: CatalogSql = {
  search: {
    table: relations("table"),
    view: relations("view"),
    column: `
      select 'main' as schema, c.name, 'column' as kind, s.name as "table", c.type, null as rows,
        null as comment
      from sqlite_schema s, pragma_table_xinfo(s.name) c
      where s.type in ('table', 'view') and ${filter("c.name")} order by s.name, c.cid`,
    index: `
      select 'main' as schema, i.name, 'index' as kind, s.name as "table", i.origin as type,
        null as rows, null as comment
      from sqlite_schema s, pragma_index_list(s.name) i
      where s.type = 'table' and ${filter("i.name")} order by s.name, i.name`,
    function: `
      select 'main' as schema, f.name, 'function' as kind, null as "table", null as type,
        null as rows, null as comment
      from pragma_function_list f where f.builtin = 0 and f.name like ?1 and coalesce(?2, 'main') = 'main'
      order by f.name`,
  },
  columns: `
    select c.name, c.type, c."notnull" = 0 and c.pk = 0 as nullable, c.pk > 0 as primary_key,
      c.dflt_value as "default", null as comment
    from pragma_table_xinfo(?2) c where ?1 = 'main' order by c.cid`,
  indexes: `
    select i.name, coalesce(x.name, '(expression)') as "column", i."unique" as "unique",
      i.origin = 'pk' as "primary", 'btree' as method
    from pragma_index_list(?2) i, pragma_index_info(i.name) x
    where ?1 = 'main' order by i.name, x.seqno`,
  foreignKeys: `
    select s.name || f.id as "constraint", 'main' as schema, s.name as "table", f."from" as "column",
      'main' as to_schema, f."table" as to_table, coalesce(f."to", 'rowid') as to_column
    from sqlite_schema s, pragma_foreign_key_list(s.name) f
    where s.type = 'table' and ${own} order by s.name, f.id, f.seq`,
  triggers: `
    select name, sql as definition from sqlite_schema
    where type = 'trigger' and ?1 = 'main' and tbl_name = ?2 order by name`,
  definition: `
    select sql as definition from sqlite_schema
    where type in ('table', 'view') and ?1 = 'main' and name = ?2`,
  size: `
    select null as rows, null as bytes, null as comment where ?1 = 'main' and ?2 is not null`,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
};
