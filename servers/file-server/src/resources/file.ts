import type { ResourceContents } from "#shared/core/contract.ts";
import { defineResource } from "#shared/core/definition.ts";
import { ToolError } from "#shared/core/errors.ts";
import { narrowed } from "../client-roots.ts";
import type { FilesConfig } from "../config.ts";
import { mediaType } from "../media/media-type.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { OpenFile } from "../sandbox/sandbox.ts";
import type { FilesServices } from "../services.ts";
import { decodePieces, detectEncoding, SAMPLE_BYTES } from "../text/encoding.ts";
import { Source } from "../text/source.ts";
import { completePath } from "./complete-path.ts";
import { pathOfUri } from "./file-uri.ts";
import { watchFile } from "./watch-file.ts";

/** Bytes of a file that is read whole: in base64, or with its signs escaped, it stays under a megabyte. */
export const MAX_RESOURCE_BYTES = 131_072;
export const MAX_BLOB_BYTES = 720_000;

/** Every file of the allowed folders under its `file://` URI. */
export const fileResource = defineResource<FilesConfig, FilesServices>({
  uriTemplate: "file:///{+path}",
  name: "file",
  title: "File",
  description:
    "A file in the allowed folders by its absolute path: text as UTF-8, anything else as bytes",
  async read(uri, { path = "" }, context) {
    const { services, signal } = await narrowed(context);
    const sandbox = await services.get("sandbox");
    return sandbox.withFile(pathOfUri(path), async (file) => ({
      contents: [await contentsOf(uri, file, signal)],
    }));
  },
  async complete(name, value, context) {
    const { services, signal, config, client } = context;
    // what the client's roots leave cannot be asked here, and names outside them are not proposed
    const isNarrowed = config.CLIENT_ROOTS && client.capabilities.roots !== undefined;
    if (name !== "path" || isNarrowed) return [];
    return completePath(await services.get("sandbox"), value, signal);
  },
  async watch(uri, changed, { services }) {
    return watchFile(await services.get("sandbox"), uri, changed);
  },
});

async function contentsOf(
  uri: string,
  { path, size, handle }: OpenFile,
  signal: AbortSignal,
): Promise<ResourceContents> {
  if (size > MAX_BLOB_BYTES) throw tooLarge(path, size, MAX_BLOB_BYTES);
  const bytes = await new Source(handle, size, signal).read(0, size);
  const text = textOf(bytes);
  if (text === undefined) {
    const mimeType = mediaType(bytes) ?? "application/octet-stream";
    return { uri, mimeType, blob: bytes.toString("base64") };
  }
  if (size > MAX_RESOURCE_BYTES) throw tooLarge(path, size, MAX_RESOURCE_BYTES);
  return { uri, mimeType: "text/plain", text };
}

const tooLarge = (path: string, size: number, limit: number) =>
  refuse("too_large", {
    path,
    because: `The file is larger than a resource may be; read it in parts with read_text_file`,
    details: { size, limit },
  });

function textOf(bytes: Buffer): string | undefined {
  try {
    const encoding = detectEncoding(bytes.subarray(0, SAMPLE_BYTES), "");
    return decodePieces([bytes.subarray(encoding.bom)], encoding).texts.join("");
  } catch (error) {
    if (error instanceof ToolError && error.details.reason === "binary") return undefined;
    throw error;
  }
}
