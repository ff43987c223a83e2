import { basename } from "node:path";
import { type Place, shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import { replaceFile } from "../write/replace-file.ts";
import type { Workshop } from "../write/workshop.ts";
import { type Fill, type Packed, ZipWriting } from "./zip-writing.ts";

export interface CreateOptions {
  signal: AbortSignal;
  onProgress(files: number): void;
}

/** Packs files and folders, without links and denied names, into a new zip. */
export async function createArchive(
  shop: Workshop,
  sources: readonly string[],
  destination: string,
  options: CreateOptions,
): Promise<Packed & { path: string; size: number }> {
  const writing = new ZipWriting({ path: destination, ...options });
  const { place, written } = await replaceFile(
    shop,
    destination,
    async (current) => {
      if (current) throw refuse("exists", { path: destination });
      return { chunks: writing.chunks(fillFrom(shop, sources)), result: undefined };
    },
    { operation: "archive", signal: options.signal },
  );
  const { files, skipped } = writing.packed;
  return { path: shownPath(place), size: written?.size ?? 0, files, skipped };
}

/** Each source goes in under the last name of its path, of which no two are alike. */
const fillFrom =
  ({ sandbox }: Workshop, sources: readonly string[]): Fill =>
  async (add) => {
    const names = new Set<string>();
    for (const path of sources)
      await sandbox.withAny(path, ({ node, place, deny }) => {
        const name = nameOf(place);
        if (names.has(name))
          throw refuse("exists", {
            path,
            because: `Another source is named ${JSON.stringify(name)}`,
          });
        names.add(name);
        return add({ node, name, deny });
      });
  };

const nameOf = ({ root, parts }: Place) => parts.at(-1) ?? basename(root.canonical);
