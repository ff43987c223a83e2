import type { Dialect } from "../engine/types.ts";

export const ACTIVITIES = ["running", "locks", "slow"] as const;
export type Activity = (typeof ACTIVITIES)[number];

const MAX = 50;

/** What runs, what waits for what, and what took longest; absent where an engine does not tell. */
export const ACTIVITY: Readonly<Record<Dialect, Partial<Record<Activity, string>>>> = {
  postgres: {
    running: `select pid, usename as "user", application_name as application, state,
      round(extract(epoch from clock_timestamp() - query_start))::int as seconds,
      coalesce(wait_event_type || ': ' || wait_event, '') as waits_for, left(query, 500) as query
      from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid()
      and backend_type = 'client backend' order by query_start limit ${MAX}`,
    locks: `select a.pid, array_to_string(pg_blocking_pids(a.pid), ',') as blocked_by, a.wait_event as waits_for,
      round(extract(epoch from clock_timestamp() - a.query_start))::int as seconds, left(a.query, 500) as query
      from pg_stat_activity a where cardinality(pg_blocking_pids(a.pid)) > 0 order by 4 desc limit ${MAX}`,
    slow: `select calls::float8 as calls, round(total_exec_time)::float8 as total_ms,
      round(mean_exec_time::numeric, 2)::float8 as mean_ms, rows::float8 as rows, left(query, 500) as query
      from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
      order by total_exec_time desc limit ${MAX}`,
  },
  mysql: {
    running: `select id as pid, user, command as state, time as seconds, state as waits_for, left(info, 500) as query
      from information_schema.processlist where command <> 'Sleep' and id <> connection_id()
      order by time desc limit ${MAX}`,
    locks: `select trx_mysql_thread_id as pid, trx_state as state, trx_started as since,
      trx_rows_locked as rows_locked, left(trx_query, 500) as query
      from information_schema.innodb_trx order by trx_started limit ${MAX}`,
    slow: `select count_star as calls, round(sum_timer_wait / 1e9) as total_ms,
      round(avg_timer_wait / 1e9, 2) as mean_ms, sum_rows_sent as \`rows\`, left(digest_text, 500) as query
      from performance_schema.events_statements_summary_by_digest
      where schema_name = database() order by sum_timer_wait desc limit ${MAX}`,
  },
  sqlite: {},
};
