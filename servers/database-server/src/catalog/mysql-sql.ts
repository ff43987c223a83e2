import type { CatalogSql } from "./types.ts";

const SYSTEM = "('information_schema', 'performance_schema', 'mysql', 'sys')";
/** The database of the connection; without one, every database that is not the server's own. */
const own = (schema: string) =>
  `${schema} not in ${SYSTEM} and (database() is null or ${schema} = database())`;
const filter = (schema: string, name: string) =>
  `${name} like ? and ${schema} = coalesce(?, ${schema}) and ${own(schema)}`;
const word = (type: string) => `lower(replace(${type}, 'BASE TABLE', 'table'))`;

const relations = (types: string) => `
  select table_schema as \`schema\`, table_name as name, ${word("table_type")} as kind,
    null as \`table\`, null as type, table_rows as \`rows\`, nullif(table_comment, '') as comment
  from information_schema.tables
  where table_type in (${types}) and ${filter("table_schema", "table_name")}
  order by table_schema, table_name`;

export const mysqlSql: CatalogSql = {
  search: {
    table: relations("'BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE'"),
    view: relations("'VIEW'"),
    column: `
      select table_schema as \`schema\`, column_name as name, 'column' as kind, table_name as \`table\`,
        column_type as type, null as \`rows\`, nullif(column_comment, '') as comment
      from information_schema.columns where ${filter("table_schema", "column_name")}
      order by table_schema, table_name, ordinal_position`,
    index: `
      select distinct table_schema as \`schema\`, index_name as name, 'index' as kind,
        table_name as \`table\`, index_type as type, null as \`rows\`, null as comment
      from information_schema.statistics where ${filter("table_schema", "index_name")}
      order by 1, 4, 2`,
    function: `
      select routine_schema as \`schema\`, routine_name as name, lower(routine_type) as kind,
        null as \`table\`, data_type as type, null as \`rows\`, nullif(routine_comment, '') as comment
      from information_schema.routines where ${filter("routine_schema", "routine_name")}
      order by 1, 2`,
  },
  columns: `
    select column_name as name, column_type as type, is_nullable = 'YES' as nullable,
      column_key = 'PRI' as primary_key, column_default as \`default\`,
      nullif(column_comment, '') as comment
    from information_schema.columns where table_schema = ? and table_name = ?
    order by ordinal_position`,
  indexes: `
    select index_name as name, column_name as \`column\`, non_unique = 0 as \`unique\`,
      index_name = 'PRIMARY' as \`primary\`, lower(index_type) as method
    from information_schema.statistics where table_schema = ? and table_name = ?
    order by index_name, seq_in_index`,
  foreignKeys: `
    select constraint_name as \`constraint\`, table_schema as \`schema\`, table_name as \`table\`,
      column_name as \`column\`, referenced_table_schema as to_schema,
      referenced_table_name as to_table, referenced_column_name as to_column
    from information_schema.key_column_usage
    where referenced_table_name is not null and ${own("table_schema")}
    order by table_schema, table_name, constraint_name, ordinal_position`,
  triggers: `
    select trigger_name as name,
      concat(action_timing, ' ', event_manipulation, ' ', action_statement) as definition
    from information_schema.triggers
    where event_object_schema = ? and event_object_table = ? order by trigger_name`,
  definition: `
    select view_definition as definition from information_schema.views
    where table_schema = ? and table_name = ?`,
  size: `
    select table_rows as \`rows\`, data_length + index_length as bytes,
      nullif(table_comment, '') as comment
    from information_schema.tables where table_schema = ? and table_name = ?`,
  quote: (name) => `\`${name.replaceAll("`", "``")}\``,
};
