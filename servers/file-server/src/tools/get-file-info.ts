import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { ENTRY_TYPES } from "../listing/entry.ts";
import { typeOf } from "../sandbox/node.ts";
import { refuse } from "../sandbox/refuse.ts";
import { etagOf } from "../write/etag.ts";
import { sha256 } from "../write/if-match.ts";
import { countOutput, pathInput } from "./fields.ts";

/** Bytes of a file that is hashed. */
export const MAX_HASH_BYTES = 2 ** 31;

const outputSchema = z.object({
  path: z.string().describe("Links resolved"),
  type: z.enum(ENTRY_TYPES).describe("Kind"),
  size: countOutput.optional().describe("Bytes, of files"),
  modified: z.string().describe("ISO time"),
  mode: z.string().describe("Octal"),
  links: countOutput.describe("Names it has"),
  etag: z.string().optional().describe("For if_match"),
  sha256: z.string().optional().describe("On demand"),
});

export const getFileInfo = defineTool({
  name: "get_file_info",
  title: "Describe a file",
  description: "Tell kind, size, time, mode, etag and, on demand, the SHA-256 of a path.",
  inputSchema: z.object({
    path: pathInput.describe("Path"),
    hash: z.boolean().default(false).describe("Also sha256"),
  }),
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path, hash }, { services, signal }) {
    const sandbox = await services.get("sandbox");
    return sandbox.withAny(path, async ({ path: shown, node }) => {
      const { stats } = node;
      const about = {
        path: shown,
        type: typeOf(stats),
        modified: stats.mtime.toISOString(),
        mode: (stats.mode & 0o7777).toString(8),
        links: stats.nlink,
      };
      if (!stats.isFile()) return about;
      if (hash && stats.size > MAX_HASH_BYTES)
        throw refuse("too_large", { path, details: { limit: MAX_HASH_BYTES } });
      const handle = await node.openFile();
      try {
        const etag = etagOf(await handle.stat({ bigint: true }));
        const file = { ...about, size: stats.size, etag };
        return hash ? { ...file, sha256: await sha256(handle, signal) } : file;
      } finally {
        await handle.close();
      }
    });
  },
});
