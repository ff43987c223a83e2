// Copied from shared/core/builtin.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/**
 * Modules of Node, got at the moment of need. An import of `node:crypto` takes as long as the rest
 * of a start; one of `node:fs` or `node:util` loads all that their lazy members stand for.
 */
export const crypto = () => process.getBuiltinModule("node:crypto");
export const fs = () => process.getBuiltinModule("node:fs");
export const perfHooks = () => process.getBuiltinModule("node:perf_hooks");
export const util = () => process.getBuiltinModule("node:util");
