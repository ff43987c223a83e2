const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Volatile only because their answer changes: they read the clock, chance or the state of the server. */
export const SAFE_VOLATILE = words(`
  random random_normal clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes
  pg_database_size pg_table_size pg_relation_size pg_total_relation_size pg_indexes_size
  pg_tablespace_size pg_is_in_recovery pg_blocking_pids pg_current_wal_lsn
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp
  pg_partition_tree pg_partition_ancestors pg_sequence_last_value pg_xact_commit_timestamp
  pg_stat_get_xact_numscans pg_jit_available system bernoulli system_rows system_time
  similarity word_similarity pgstattuple pgstatindex pgstattuple_approx`);

/** Functions of that list that come with extensions may live in any schema; they are written in C. */
export const TRUSTED_LANGUAGES = ["internal", "c"];

/** Not volatile, and all the same a way to read what the statement does not name, or to run text. */
export const DENIED_FUNCTIONS = words(`
  database_to_xml database_to_xml_and_xmlschema database_to_xmlschema
  schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema
  table_to_xml table_to_xml_and_xmlschema table_to_xmlschema
  query_to_xml query_to_xml_and_xmlschema query_to_xmlschema cursor_to_xml cursor_to_xmlschema
  crosstab crosstab2 crosstab3 crosstab4 crosstabn connectby xpath_table ts_stat ts_rewrite
  plpgsql_check_function plpgsql_check_function_tb dblink dblink_exec dblink_connect dblink_open
  dblink_fetch dblink_send_query dblink_get_result dblink_connect_u
  pg_current_xact_id txid_current pg_get_wal_record_info pg_get_wal_records_info
  pg_get_wal_records_info_till_end_of_wal pg_get_wal_block_info pg_get_wal_stats
  pg_logdir_ls pg_file_read pg_file_length xml2_xslt xslt_process
  pg_sleep pg_sleep_for pg_sleep_until pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file`);

/** Passwords, rules of access and the raw contents of tables. */
export const DENIED_RELATIONS = words(`
  pg_authid pg_shadow pg_hba_file_rules pg_ident_file_mappings pg_user_mapping pg_user_mappings
  user_mapping_options _pg_user_mappings pg_file_settings pg_largeobject pg_subscription
  pg_stat_wal_receiver pg_foreign_server foreign_server_options _pg_foreign_servers
  pg_show_all_file_settings pg_statistic pg_statistic_ext_data`);

/** Settings that hold connection strings and commands. */
export const DENIED_SETTINGS = words(`
  primary_conninfo ssl_passphrase_command restore_command archive_command archive_cleanup_command
  recovery_end_command all krb_server_keyfile hba_file ident_file`);
