import { refuse } from "../engine/refusal.ts";
import type { Token } from "../sql/lexer.ts";

/** Functions that wait, lock, read files, run programs or change state, in a SELECT of any mode. */
const FUNCTIONS = new Set(
  `load_file sleep benchmark get_lock release_lock release_all_locks master_pos_wait
  master_gtid_wait source_pos_wait wait_for_executed_gtid_set wait_until_sql_thread_after_gtids
  nextval setval sys_exec sys_eval sys_get sys_set http_get http_post
  keyring_key_fetch keyring_key_generate keyring_key_store keyring_key_remove
  group_replication_set_as_primary asynchronous_connection_failover_add_source
  service_get_write_locks service_get_read_locks service_release_locks version_tokens_set
  gtid_subtract_set wsrep_sync_wait_upto_gtid
  spider_direct_sql spider_bg_direct_sql spider_copy_tables mroonga_command`.split(/\s+/),
);

/** Words that begin a change or open a file, wherever they stand without quotes. */
const WORDS = new Set(["into", "outfile", "dumpfile", "infile", "procedure"]);
const CHANGES = new Set(["insert", "update", "delete", "replace", "set", "call", "do", "load"]);

/** Of these, what stands in a change of rows. */
const CHANGES_OF_ROWS = new Set(["insert", "update", "delete", "replace", "set"]);

/** Two words that mean something only together. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  for: ["update", "share"],
  lock: ["in"],
  next: ["value"],
  previous: ["value"],
};
const SHOWN_SECRETS = ["binlog", "relaylog"];

/** Tables of the `mysql` schema that hold no secrets. */
const OPEN_MYSQL_TABLES = /^(time_zone|help_|innodb_|general_log$|slow_log$|func$|proc$|plugin$)/;

/** Throws at the first word that a statement which only reads cannot hold. */
export function checkWords(tokens: readonly Token[], changes = false): void {
  const shows = tokens[0]?.text === "show";
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    checkName(token, next, tokens[index + 2]);
    if (token.text === ":=") throw denied(":=");
    if (token.kind !== "word" || tokens[index - 1]?.text === ".") return;
    if (shows) checkShown(token, next);
    else checkKeyword(token, next, changes);
  });
}

/** Names, with quotes or without. */
function checkName(token: Token, next: Token | undefined, afterNext: Token | undefined): void {
  if (token.kind !== "word" && token.kind !== "quoted") return;
  const name = token.text.toLowerCase();
  if (FUNCTIONS.has(name) && next?.text === "(") throw denied(name);
  if (name === "global_priv") throw secret("mysql.global_priv");
  if (name !== "mysql" || next?.text !== "." || afterNext === undefined) return;
  if (!OPEN_MYSQL_TABLES.test(afterNext.text.toLowerCase()))
    throw secret(`mysql.${afterNext.text}`);
}

function checkKeyword(token: Token, next: Token | undefined, changes: boolean): void {
  const { text, depth } = token;
  // a variable is written by SELECT INTO too
  const into = text === "into" && changes && next?.text !== "@";
  if (WORDS.has(text) && !into) throw denied(text);
  // INSERT(), REPLACE() and the like are functions of strings
  const verb = CHANGES.has(text) && depth === 0 && next?.text !== "(";
  if (verb && !(changes && CHANGES_OF_ROWS.has(text))) throw denied(text);
  if (next?.kind === "word" && PAIRS[text]?.includes(next.text))
    throw denied(`${text} ${next.text}`);
}

function checkShown(token: Token, next: Token | undefined): void {
  if (SHOWN_SECRETS.includes(token.text)) throw secret(`SHOW ${token.text.toUpperCase()}`);
  if (token.text === "grants") throw secret("SHOW GRANTS");
  if (token.text === "create" && next?.text === "user") throw secret("SHOW CREATE USER");
}

const denied = (what: string) =>
  refuse(
    "not_reading",
    `${what.toUpperCase()} is not let through on a connection that only reads.`,
  );

const secret = (what: string) =>
  refuse("secret_table", `${what} holds secrets of the engine and is not shown.`);
