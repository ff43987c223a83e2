// Copied from shared/core/builtin.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/**
 * Modules of Node that few calls need, got at the moment of need: an import of `node:crypto` alone
 * takes as long as the rest of a server's start.
 */
export const crypto = () => process.getBuiltinModule("node:crypto");
export const perfHooks = () => process.getBuiltinModule("node:perf_hooks");
