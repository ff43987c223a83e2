import { randomBytes } from "node:crypto";
import { TEMP_PREFIX } from "../sandbox/reserved.ts";

const RANDOM_BYTES = 8;

/** What a file or folder is called while it is written. */
export const newTempName = (): string => TEMP_PREFIX + randomBytes(RANDOM_BYTES).toString("hex");

/**
 * A name of that kind and no path. A journal may come with a folder that somebody else made: a name
 * that it calls temporary is removed, and must not lead out of its folder.
 */
export const TEMP_NAME = /^\.mcp-tmp-[0-9a-f]{16}$/;
