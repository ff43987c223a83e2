import type { Dialect } from "../engine/types.ts";

/** One question about the state of a database: its rows are findings, an object and a detail each. */
export interface HealthCheck {
  name: string;
  /** Whether rows are faults, or numbers that are always there. */
  kind: "fault" | "number";
  sql: string;
}

const USER_SCHEMA = "schemaname not in ('pg_catalog', 'information_schema')";

const postgres: HealthCheck[] = [
  {
    name: "connections",
    kind: "number",
    sql: `select 'in use of allowed', count(*) || ' of ' || current_setting('max_connections')
      from pg_stat_activity where backend_type = 'client backend'`,
  },
  {
    name: "cache_hit",
    kind: "number",
    sql: `select 'blocks found in memory', round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 1) || ' %'
      from pg_stat_database where datname = current_database()`,
  },
  {
    name: "invalid_indexes",
    kind: "fault",
    sql: "select indexrelid::regclass::text, 'not valid: build it again' from pg_index where not indisvalid",
  },
  {
    name: "unused_indexes",
    kind: "fault",
    sql: `select schemaname || '.' || indexrelname, 'never read; ' || pg_size_pretty(pg_relation_size(s.indexrelid))
      from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid
      where idx_scan = 0 and not indisunique and pg_relation_size(s.indexrelid) > 1048576 order by 1`,
  },
  {
    name: "duplicate_indexes",
    kind: "fault",
    sql: `select min(indexrelid)::regclass::text, 'same as ' || max(indexrelid)::regclass
      from pg_index where indrelid >= 16384 and indexprs is null and indpred is null
      group by indrelid, indkey::text, indclass::text having count(*) > 1`,
  },
  {
    name: "missing_primary_keys",
    kind: "fault",
    sql: `select c.oid::regclass::text, 'no primary key' from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'
      and not exists (select from pg_index where indrelid = c.oid and indisprimary) order by 1`,
  },
  {
    name: "sequences",
    kind: "fault",
    sql: `select schemaname || '.' || sequencename, round(100.0 * last_value / max_value) || ' % used'
      from pg_sequences where last_value::numeric / max_value > 0.75 and ${USER_SCHEMA}`,
  },
  {
    name: "vacuum",
    kind: "fault",
    sql: `select schemaname || '.' || relname, n_dead_tup || ' dead rows of ' || n_live_tup
      from pg_stat_user_tables where n_dead_tup > 10000 and n_dead_tup > n_live_tup / 5 order by n_dead_tup desc`,
  },
  {
    name: "transaction_age",
    kind: "fault",
    sql: `select datname, age(datfrozenxid) || ' transactions old' from pg_database
      where age(datfrozenxid) > 1000000000`,
  },
  {
    name: "constraints",
    kind: "fault",
    sql: "select conname, 'on ' || conrelid::regclass || ' is not validated' from pg_constraint where not convalidated",
  },
  {
    name: "replication",
    kind: "number",
    sql: `select coalesce(application_name, 'standby'), state || ', lag ' || coalesce(replay_lag::text, 'none')
      from pg_stat_replication`,
  },
];

const OWN = "table_schema = database()";

const mysql: HealthCheck[] = [
  {
    name: "connections",
    kind: "number",
    sql: "show global status where variable_name in ('Threads_connected', 'Max_used_connections', 'Aborted_connects')",
  },
  {
    name: "buffer_pool",
    kind: "number",
    sql: "show global status where variable_name in ('Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads')",
  },
  {
    name: "missing_primary_keys",
    kind: "fault",
    sql: `select table_name, 'no primary key' from information_schema.tables t
      where ${OWN} and table_type = 'BASE TABLE' and not exists (select 1 from information_schema.statistics s
      where s.table_schema = t.table_schema and s.table_name = t.table_name and s.index_name = 'PRIMARY')`,
  },
  {
    name: "not_transactional",
    kind: "fault",
    sql: `select table_name, concat('kept by ', engine) from information_schema.tables
      where ${OWN} and table_type = 'BASE TABLE' and engine <> 'InnoDB'`,
  },
  {
    name: "duplicate_indexes",
    kind: "fault",
    sql: `select min(index_name), concat('same as ', max(index_name), ' on ', table_name) from (
      select table_name, index_name, group_concat(column_name order by seq_in_index) as columns_
      from information_schema.statistics where ${OWN} group by table_name, index_name) s
      group by table_name, columns_ having count(*) > 1`,
  },
];

const sqlite: HealthCheck[] = [
  {
    name: "integrity",
    kind: "fault",
    sql: "select quick_check, 'damaged' from pragma_quick_check where quick_check <> 'ok'",
  },
  {
    name: "foreign_keys",
    kind: "fault",
    sql: `select "table" || ' row ' || rowid, 'refers to a row of ' || parent || ' that is not there' from pragma_foreign_key_check`,
  },
  {
    name: "free_pages",
    kind: "number",
    sql: `select 'free of all pages', freelist_count || ' of ' || page_count
      from pragma_freelist_count, pragma_page_count`,
  },
  {
    name: "missing_primary_keys",
    kind: "fault",
    sql: `select name, 'no primary key' from sqlite_schema s where type = 'table' and name not like 'sqlite\\_%' escape '\\'
      and not exists (select 1 from pragma_table_xinfo(s.name) where pk > 0)`,
  },
  {
    name: "duplicate_indexes",
    kind: "fault",
    sql: `select min(name), 'same as ' || max(name) from (select s.name as t, i.name,
      (select group_concat(x.name) from pragma_index_info(i.name) x) as columns_
      from sqlite_schema s, pragma_index_list(s.name) i where s.type = 'table' and i.partial = 0)
      group by t, columns_ having count(*) > 1`,
  },
];

export const HEALTH: Readonly<Record<Dialect, readonly HealthCheck[]>> = {
  postgres,
  mysql,
  sqlite,
};
