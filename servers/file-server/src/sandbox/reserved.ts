/** Folder in each root that holds what was replaced or deleted, and what is needed to undo it. */
export const TRASH_NAME = ".mcp-trash";
/** What a file is called while it is written. */
export const TEMP_PREFIX = ".mcp-tmp-";

/** Names of the server's own, which no tool shows or takes, whatever DENY_PATTERNS is. */
export const RESERVED_PATTERNS: readonly string[] = [TRASH_NAME, `${TEMP_PREFIX}*`];
