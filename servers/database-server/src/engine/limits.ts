/** Rows of one page, unless asked otherwise. */
export const DEFAULT_ROWS = 100;
/** The most rows of one page. */
export const MAX_ROWS = 1_000;
/** Bytes of JSON that the rows of one page may have; a result goes out twice and must stay under 1 MB. */
export const MAX_PAGE_BYTES = 256 * 1024;
/** Characters of one text; what is longer is cut, and the cell says so. */
export const MAX_CELL_CHARS = 4_096;
/** Bytes of a blob that are shown beside its size and hash. */
export const BLOB_HEAD_BYTES = 64;
/** Bytes that one query may send over the connection to the engine before it is cut off. */
export const MAX_WIRE_BYTES = 64 * 1024 * 1024;
/** Characters of one statement. */
export const MAX_SQL_CHARS = 65_536;
/** Columns of one result; a wider one is refused. */
export const MAX_COLUMNS = 1_000;
/** Milliseconds that a statement may wait for a lock. */
export const LOCK_TIMEOUT_MS = 2_000;
/** Milliseconds beyond the limit of the engine after which the client stops waiting for it. */
export const GRACE_MS = 1_000;
