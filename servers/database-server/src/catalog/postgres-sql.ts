import type { CatalogSql } from "./types.ts";

/** Schemas of the server itself, and those of sessions. */
const OWN = `n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`;
const filter = (name: string) =>
  `${OWN} and ${name} ilike $1::text and ($2::text is null or n.nspname = $2::text)`;
const kindOf = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
  when 'f' then 'foreign table' when 'p' then 'partitioned table' else 'table' end`;

const relations = (kinds: string) => `
  select n.nspname as schema, c.relname as name, ${kindOf} as kind, null as "table", null as type,
    case when c.reltuples >= 0 and c.relkind in ('r', 'p', 'm') then c.reltuples::float8 end as rows,
    pg_catalog.obj_description(c.oid, 'pg_class') as comment
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in (${kinds}) and ${filter("c.relname")}
  order by 1, 2`;

export const postgresSql: CatalogSql = {
  search: {
    table: relations("'r', 'p', 'f'"),
    view: relations("'v', 'm'"),
    column: `
      select n.nspname as schema, a.attname as name, 'column' as kind, c.relname as "table",
        pg_catalog.format_type(a.atttypid, a.atttypmod) as type, null::float8 as rows,
        pg_catalog.col_description(c.oid, a.attnum) as comment
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm')
        and ${filter("a.attname")}
      order by 1, 4, a.attnum`,
    index: `
      select n.nspname as schema, c.relname as name, 'index' as kind, t.relname as "table",
        m.amname as type, null::float8 as rows, null as comment
      from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
      join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_am m on m.oid = c.relam
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where ${filter("c.relname")} order by 1, 4, 2`,
    function: `
      select n.nspname as schema, p.proname as name,
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
        null as "table", pg_catalog.pg_get_function_identity_arguments(p.oid) as type,
        null::float8 as rows, pg_catalog.obj_description(p.oid, 'pg_proc') as comment
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where ${filter("p.proname")} order by 1, 2, 5`,
  },
  columns: `
    select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as nullable, coalesce(a.attnum = any(pk.indkey), false) as primary_key,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) as "default",
      pg_catalog.col_description(c.oid, a.attnum) as comment
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_catalog.pg_index pk on pk.indrelid = c.oid and pk.indisprimary
    where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
    order by a.attnum`,
  indexes: `
    select i.relname as name, pg_catalog.pg_get_indexdef(x.indexrelid, k.n::int, true) as "column",
      x.indisunique as "unique", x.indisprimary as "primary", m.amname as method
    from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
    join pg_catalog.pg_class c on c.oid = x.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_am m on m.oid = i.relam,
    lateral pg_catalog.generate_series(1, x.indnkeyatts) as k(n)
    where n.nspname = $1 and c.relname = $2 order by 1, k.n`,
  foreignKeys: `
    select f.oid::text as "constraint", n.nspname as schema, c.relname as "table", a.attname as "column",
      tn.nspname as to_schema, t.relname as to_table, ta.attname as to_column
    from pg_catalog.pg_constraint f join pg_catalog.pg_class c on c.oid = f.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_class t on t.oid = f.confrelid
    join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace,
    lateral pg_catalog.generate_subscripts(f.conkey, 1) as k(n),
    pg_catalog.pg_attribute a, pg_catalog.pg_attribute ta
    where a.attrelid = f.conrelid and a.attnum = f.conkey[k.n]
      and ta.attrelid = f.confrelid and ta.attnum = f.confkey[k.n]
      and f.contype = 'f' and f.conparentid = 0 and ${OWN}
    order by 2, 3, 1, k.n`,
  triggers: `
    select t.tgname as name, pg_catalog.pg_get_triggerdef(t.oid, true) as definition
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and not t.tgisinternal order by 1`,
  definition: `
    select pg_catalog.pg_get_viewdef(c.oid, true) as definition
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind in ('v', 'm')`,
  size: `
    select case when c.reltuples >= 0 then c.reltuples::float8 end as rows,
      pg_catalog.pg_total_relation_size(c.oid)::float8 as bytes,
      pg_catalog.obj_description(c.oid, 'pg_class') as comment
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2`,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
};
