import { serve } from "./local/serve.ts";
import { openSqlite } from "./sqlite/open.ts";

/** Beyond this, in bytes, the process ends: SQLite within Node does not count what a statement takes. */
const MAX_RSS_BYTES = 640 * 1024 * 1024;

serve(openSqlite, MAX_RSS_BYTES);
