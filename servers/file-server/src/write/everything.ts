import { DenyList } from "../sandbox/deny.ts";

const { signal } = new AbortController();

/** To read a folder of the server's own as it is. */
export const EVERYTHING = { deny: new DenyList([]).enter([]), includeHidden: true, signal };
