import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface BuildSizes {
  /** Bytes of each file that stands directly in dist: what is started. */
  entries: Map<string, number>;
  /** Bytes of all of dist's code, with the chunks that entries load. */
  total: number;
}

export function sizesOf(folder: string): BuildSizes {
  const dist = join(folder, "dist");
  const files = readdirSync(dist, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => ({
      name,
      isEntry: parentPath === dist && /\.c?js$/.test(name),
      bytes: statSync(join(parentPath, name)).size,
    }));
  const entries = files.filter(({ isEntry }) => isEntry).map((file) => [file.name, file.bytes]);
  return {
    entries: new Map(entries as [string, number][]),
    total: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** "http.js 1.2 kB, stdio.cjs 0.9 kB, total 812.0 kB". */
export function formatSizes({ entries, total }: BuildSizes): string {
  const parts = [...entries].sort().map(([name, bytes]) => `${name} ${kilobytes(bytes)}`);
  return [...parts, `total ${kilobytes(total)}`].join(", ");
}
