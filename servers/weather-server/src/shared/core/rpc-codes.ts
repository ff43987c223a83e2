// Copied from shared/core/rpc-codes.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** Codes of JSON-RPC errors: its own, and those that MCP adds. */
export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;
/** What no other code says. */
export const SERVER_ERROR = -32_000;
/** MCP 2026-07-28 ended the code of its own for a missing resource: from then on it is INVALID_PARAMS. */
export const RESOURCE_NOT_FOUND = -32_002;
/** MissingRequiredClientCapability of MCP 2026-07-28. */
export const MISSING_CAPABILITY = -32_021;
